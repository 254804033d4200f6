package dev.burstlet.sync;

import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one pod: the newest of the API server's copy, which comes by watch and as the
 * answer to our writes, and of its host's reports.
 */
final class PodState {
    private final PodKey key;
    private Known known = new Known(null, false, null, 0);

    PodState(PodKey key) {
        this.key = key;
    }

    /**
     * All of it at one moment.
     *
     * @param pod null where the API server was not heard to have it
     * @param gone whether the API server was heard to have it no more
     * @param report null before the host has told anything
     * @param reportedNanos the system's nanoseconds when the host told something first
     */
    record Known(@Nullable Pod pod, boolean gone, @Nullable PodReport report, long reportedNanos) {
        boolean isDeleting() {
            return pod != null && pod.getMetadata().getDeletionTimestamp() != null;
        }

        boolean isRemoved() {
            return report != null && report.stage() == PodReport.Stage.REMOVED;
        }
    }

    PodKey key() {
        return key;
    }

    synchronized Known now() {
        return known;
    }

    /**
     * Takes a copy of the API server, unless it is older than what is known; what was said to be
     * gone may still be in an answer that took its time.
     */
    synchronized void take(Pod pod) {
        boolean newer = known.pod() == null || version(pod) >= version(known.pod());
        if (newer && !known.gone()) {
            known = new Known(pod, false, known.report(), known.reportedNanos());
        }
    }

    /** It is there after all, by a read past every cache. */
    synchronized void revive(Pod pod) {
        known = new Known(pod, false, known.report(), known.reportedNanos());
    }

    /** The API server has it no more. */
    synchronized void gone() {
        known = new Known(known.pod(), true, known.report(), known.reportedNanos());
    }

    synchronized void report(PodReport report) {
        long since = known.report() == null ? System.nanoTime() : known.reportedNanos();
        known = new Known(known.pod(), known.gone(), report, since);
    }

    private static long version(Pod pod) {
        return Long.parseLong(pod.getMetadata().getResourceVersion());
    }
}
