package dev.burstlet.node;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a process may keep a node, from the node's lease. Pure. The lease's own holderIdentity is
 * the node's name, as every kubelet's is; the process stands in an annotation.
 */
sealed interface LeaseDecision {
    /** Annotation with the process that keeps the node. */
    String HOLDER = "burstlet.dev/holder";

    /** Nobody else keeps the node. */
    record Take() implements LeaseDecision {}

    /** Another process keeps the node, or did until a moment ago. */
    record Wait(String holder) implements LeaseDecision {}

    /**
     * When this process saw which renewal first; lets a lease expire by this clock even where that
     * of the other is ahead.
     */
    record Observation(@Nullable ZonedDateTime renewal, Instant seen) {}

    static LeaseDecision of(
            Lease lease, Holder self, Observation observation, Duration duration, Instant now) {
        Map<String, String> annotations = lease.getMetadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(HOLDER);
        if (text == null || text.isEmpty()) {
            return new Take();
        }
        Optional<Holder> holder = Holder.parse(text);
        if (holder.filter(other -> other.equals(self) || other.isGone(self)).isPresent()) {
            return new Take();
        }
        if (expired(lease, duration, now) || unchanged(lease, observation, duration, now)) {
            return new Take();
        }
        return new Wait(holder.map(Holder::toString).orElse(text));
    }

    private static boolean expired(Lease lease, Duration duration, Instant now) {
        ZonedDateTime renewal = lease.getSpec().getRenewTime();
        // Another duration on top: the clocks of two hosts may differ.
        return renewal == null || now.isAfter(renewal.toInstant().plus(duration).plus(duration));
    }

    private static boolean unchanged(
            Lease lease, Observation observation, Duration duration, Instant now) {
        return Objects.equals(observation.renewal(), lease.getSpec().getRenewTime())
                && now.isAfter(observation.seen().plus(duration));
    }
}
