package dev.burstlet.engine.desired;

import dev.burstlet.pod.PodKey;

/** A pod's name as the kubelet writes it in messages. */
final class PodNames {
    private PodNames() {}

    /** As {@code name_namespace(uid)}. */
    static String formatted(PodKey key) {
        return key.name() + "_" + key.namespace() + "(" + key.uid() + ")";
    }
}
