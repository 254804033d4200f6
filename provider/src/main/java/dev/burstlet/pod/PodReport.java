package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.PodStatus;

/**
 * One pod's status as its host sees it. The status is whole: phase, conditions that a kubelet owns,
 * container statuses, addresses, startTime, qosClass, observedGeneration. It never goes backwards.
 *
 * @param revision the bundle's revision that the status is computed from; 0 for a pod that was
 *     adopted from its labels and whose bundle has not come yet
 */
public record PodReport(PodKey key, long revision, PodStatus status, Stage stage) {
    /** How far the host is with a pod. */
    public enum Stage {
        /** Wanted: starting, running, or ended with its sandbox still accounted for. */
        ACTIVE,
        /** Being ended, by deletePod, eviction or deadline. */
        TERMINATING,
        /**
         * Every container is confirmed to be ended and will never start again; the status is final.
         * Reported before REMOVED.
         */
        FINISHED,
        /** After deletePod: containers, sandbox and volumes are confirmed gone from the host. */
        REMOVED
    }
}
