package dev.burstlet.engine.plan;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that did not work and is to be tried again.
 *
 * @param reason for the container's waiting state, as {@code CreateContainerError}
 * @param failures in a row
 * @param revision of the bundle it was tried with; a newer bundle is tried at once
 */
public record Setback(String reason, String message, int failures, Instant retryAt, long revision) {
    /** The next one in a row. */
    public static Setback after(
            @Nullable Setback earlier,
            String reason,
            String message,
            BackOffRules rules,
            Instant now,
            long revision) {
        int failures = earlier == null ? 1 : earlier.failures() + 1;
        Duration wait = rules.retry(failures);
        return new Setback(reason, message, failures, now.plus(wait), revision);
    }

    public boolean holds(Instant now, long revision) {
        return now.isBefore(retryAt) && revision <= this.revision;
    }
}
