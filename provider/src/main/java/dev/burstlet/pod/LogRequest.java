package dev.burstlet.pod;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The options of a container log, as PodLogOptions has them.
 *
 * @param tailLines lines from the end, or null for all; 0 is none
 * @param since only what was written at or after it
 * @param limitBytes at most so many bytes, or null
 * @param previous the container before the last restart
 */
public record LogRequest(
        boolean follow,
        boolean previous,
        boolean timestamps,
        @Nullable Long tailLines,
        @Nullable Instant since,
        @Nullable Long limitBytes,
        Source source) {
    public static final LogRequest ALL =
            new LogRequest(false, false, false, null, null, null, Source.ALL);

    /** Which of the process's outputs. */
    public enum Source {
        ALL,
        STDOUT,
        STDERR
    }
}
