package dev.burstlet.engine.plan;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why and until when a pod is being ended.
 *
 * @param deadline when its containers are killed
 * @param atOnce without a signal and a hook before
 * @param message of the Killing events; empty for "Stopping container x"
 * @param remove everything is removed afterwards: the pod was deleted
 * @param verdict the reason and message of phase Failed that this end gives the pod, or null
 */
public record Ending(
        Instant deadline,
        boolean atOnce,
        String message,
        boolean remove,
        @Nullable Verdict verdict) {
    /** The reason of a pod that had to go for its node's sake, or for what it took up. */
    public static final String EVICTED = "Evicted";

    /**
     * The grace period that is given where so many seconds are asked for: one at least, as a
     * kubelet's (Kubernetes: pod lifecycle, "Forced Pod termination").
     */
    public static Duration grace(long seconds) {
        return Duration.ofSeconds(Math.max(1, seconds));
    }

    /**
     * A pod's failure that is not its containers'.
     *
     * @param reason DeadlineExceeded, Evicted, ...
     * @param disruption the message of condition DisruptionTarget, or null
     * @param rejected before anything of it began: then its status says nothing of containers
     */
    public record Verdict(
            String reason, String message, @Nullable String disruption, boolean rejected) {
        public Verdict(String reason, String message, @Nullable String disruption) {
            this(reason, message, disruption, false);
        }
    }

    /** Both together: the earlier deadline, what was decided first. */
    public Ending and(Ending later) {
        return new Ending(
                later.deadline.isBefore(deadline) ? later.deadline : deadline,
                atOnce || later.atOnce,
                message.isEmpty() ? later.message : message,
                remove || later.remove,
                verdict == null ? later.verdict : verdict);
    }
}
