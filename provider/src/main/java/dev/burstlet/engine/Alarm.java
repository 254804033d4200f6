package dev.burstlet.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Wakes one pod's worker at a time: a virtual thread that sleeps until then, so that a pod without
 * a date costs nothing. Used by that worker only.
 */
final class Alarm {
    private final InstantSource clock;
    private final Runnable ring;
    private @Nullable Instant time;
    private @Nullable Thread sleeper;

    Alarm(InstantSource clock, Runnable ring) {
        this.clock = clock;
        this.ring = ring;
    }

    /** Sets or, with null, clears it. */
    synchronized void set(@Nullable Instant next) {
        if (next == null ? time == null : next.equals(time) && sleeper != null) {
            return;
        }
        if (sleeper != null) {
            sleeper.interrupt();
            sleeper = null;
        }
        time = next;
        if (next != null) {
            sleeper = Thread.ofVirtual().name("alarm").start(() -> sleep(next));
        }
    }

    private void sleep(Instant until) {
        try {
            Duration wait = Duration.between(clock.instant(), until);
            if (wait.isPositive()) {
                Thread.sleep(wait);
            }
        } catch (InterruptedException e) {
            return;
        }
        synchronized (this) {
            if (!until.equals(time)) {
                return;
            }
            time = null;
            sleeper = null;
        }
        ring.run();
    }
}
