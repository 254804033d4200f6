package dev.burstlet.hyper.cri;

import java.time.Instant;

/** Times of the CRI: nanoseconds since 1970, 0 for none. */
public final class Times {
    private static final long NANOS = 1_000_000_000L;

    private Times() {}

    public static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}
