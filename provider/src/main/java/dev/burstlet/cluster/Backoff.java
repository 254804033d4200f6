package dev.burstlet.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Growing pauses between tries of one thing: each twice the one before, up to a cap, with a tenth
 * of jitter. Not for use by several threads.
 */
public final class Backoff {
    private final long firstMillis;
    private final long capMillis;
    private long nextMillis;

    public Backoff(Duration first, Duration cap) {
        this.firstMillis = first.toMillis();
        this.capMillis = cap.toMillis();
        this.nextMillis = firstMillis;
    }

    /** The pause before the next try. */
    public Duration next() {
        long pause = nextMillis;
        nextMillis = Math.min(capMillis, nextMillis * 2);
        return Duration.ofMillis(pause + ThreadLocalRandom.current().nextLong(pause / 10 + 1));
    }

    /** After a success. */
    public void reset() {
        nextMillis = firstMillis;
    }
}
