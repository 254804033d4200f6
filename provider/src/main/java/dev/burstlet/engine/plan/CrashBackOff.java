package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The growing wait between restarts of one container, as the kubelet's flowcontrol back-off: the
 * first restart is at once, the next ones after 10 s, 20 s, ... of the container's end, up to five
 * minutes; a container that ran for ten minutes starts over.
 *
 * @param hash of the container that it counts for; another image starts over
 * @param delay before the next restart
 * @param updatedAt when the last restart was
 */
public record CrashBackOff(String hash, Duration delay, Instant updatedAt) {

    /** Whether a container that ended then has to wait yet. */
    public static @Nullable Instant until(
            @Nullable CrashBackOff backOff, String hash, Instant endedAt, BackOffRules rules) {
        if (backOff == null || !backOff.hash.equals(hash) || backOff.expired(endedAt, rules)) {
            return null;
        }
        return endedAt.plus(backOff.delay);
    }

    /** After a restart. */
    public static CrashBackOff next(
            @Nullable CrashBackOff backOff,
            String hash,
            Instant endedAt,
            BackOffRules rules,
            Instant now) {
        if (backOff == null || !backOff.hash.equals(hash) || backOff.expired(endedAt, rules)) {
            return new CrashBackOff(hash, rules.crashInitial(), now);
        }
        Duration doubled = backOff.delay.multipliedBy(2);
        Duration wait = doubled.compareTo(rules.crashLimit()) < 0 ? doubled : rules.crashLimit();
        return new CrashBackOff(hash, wait, now);
    }

    /** What is known of it after a restart of ours: the number of restarts that there were. */
    public static @Nullable CrashBackOff adopted(
            ContainerStatus newest, String hash, BackOffRules rules) {
        return newest.attempt() == 0
                ? null
                : new CrashBackOff(hash, rules.crash(newest.attempt() - 1), newest.createdAt());
    }

    private boolean expired(Instant endedAt, BackOffRules rules) {
        return Duration.between(updatedAt, endedAt).compareTo(rules.crashLimit().multipliedBy(2))
                > 0;
    }
}
