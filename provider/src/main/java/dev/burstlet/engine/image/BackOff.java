package dev.burstlet.engine.image;

import java.time.Duration;
import java.time.Instant;

/** A delay that doubles with every failure, from 10 seconds to 5 minutes. */
record BackOff(Duration delay, Instant until, String lastError) {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LAST = Duration.ofMinutes(5);

    static BackOff first(Instant now, String error) {
        return new BackOff(FIRST, now.plus(FIRST), error);
    }

    BackOff next(Instant now, String error) {
        Duration doubled = delay.multipliedBy(2);
        Duration capped = doubled.compareTo(LAST) > 0 ? LAST : doubled;
        return new BackOff(capped, now.plus(capped), error);
    }

    /** Whether the failure is so long ago that the next one starts over. */
    boolean stale(Instant now) {
        return now.isAfter(until.plus(LAST.multipliedBy(2)));
    }
}
