package dev.burstlet.engine.probe;

import dev.burstlet.pod.PodKey;

/** Told of probe results; called from probing threads, returns quickly. */
public interface ProbeListener {
    /** The verdict on a container changed. */
    void probed(PodKey key, String container);

    /**
     * A single probe did not succeed.
     *
     * @param reason {@code Unhealthy} or {@code ProbeWarning}
     * @param message in the kubelet's words
     */
    void unhealthy(PodKey key, String container, String reason, String message);
}
