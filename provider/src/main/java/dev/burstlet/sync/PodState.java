package dev.burstlet.sync;

import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one pod: the newest of the API server's copy, which comes by watch, with the
 * status that we wrote since; and of its host's reports.
 */
final class PodState {
    private final PodKey key;
    private Known known = new Known(null, false, null, 0);
    private @Nullable Written written;

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

        /**
         * Found on the host after a restart, which does not know yet what was asked for: what it
         * tells is less than what the API server has.
         */
        boolean isAdopted() {
            return report != null
                    && report.revision() == 0
                    && report.stage() == PodReport.Stage.ACTIVE;
        }

        boolean isRemoved() {
            return report != null && report.stage() == PodReport.Stage.REMOVED;
        }
    }

    /** The status that we wrote, until the watch has told it or something newer. */
    private record Written(PodStatus status, long version) {}

    PodKey key() {
        return key;
    }

    synchronized Known now() {
        return known;
    }

    /**
     * Takes the API server's copy, unless it is older than what is known; what was said to be gone
     * may still be in an answer that took its time.
     */
    synchronized void take(Pod pod) {
        boolean newer = known.pod() == null || version(pod) >= version(known.pod());
        if (!newer || known.gone()) {
            return;
        }
        Written ours = written;
        if (ours != null && version(pod) < ours.version()) {
            set(withStatus(pod, ours.status()));
        } else {
            written = null;
            set(pod);
        }
    }

    /**
     * A status was written. What else there is of the object at that version has yet to come by
     * watch, so the version known stays what it was.
     */
    synchronized void written(PodStatus status, String version) {
        Pod pod = known.pod();
        long then = Long.parseLong(version);
        if (pod != null && !known.gone() && version(pod) < then) {
            written = new Written(status, then);
            set(withStatus(pod, status));
        }
    }

    private void set(Pod pod) {
        PodReport report = known.report();
        if (report != null && pod.getStatus() != null) {
            SharedStatus.share(pod.getStatus(), report.status());
        }
        known = new Known(pod, false, report, known.reportedNanos());
    }

    private static Pod withStatus(Pod pod, PodStatus status) {
        return new Pod(
                pod.getApiVersion(), pod.getKind(), pod.getMetadata(), pod.getSpec(), status);
    }

    /** It is there after all, by a read past every cache. */
    synchronized void revive(Pod pod) {
        written = null;
        set(pod);
    }

    /** The API server has it no more. */
    synchronized void gone() {
        known = new Known(known.pod(), true, known.report(), known.reportedNanos());
    }

    synchronized void report(PodReport report) {
        long since = known.report() == null ? System.nanoTime() : known.reportedNanos();
        known = new Known(known.pod(), known.gone(), report, since);
    }

    /** What the host held when it was asked, where it has told nothing of the pod since. */
    synchronized void reportIfNone(PodReport report) {
        if (known.report() == null) {
            report(report);
        }
    }

    private static long version(Pod pod) {
        return Long.parseLong(pod.getMetadata().getResourceVersion());
    }
}
