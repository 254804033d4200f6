package dev.burstlet.engine.image;

import dev.burstlet.pod.PodEvent;

/** Where the events of one container's image go. */
public interface ImageEvents {
    void event(PodEvent.Type type, String reason, String message);
}
