package dev.burstlet.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When the tokens of pods that a restart has found running are asked for: one after the other, at
 * the rate of a kubelet's client, from some seconds after the start on, when most statuses that
 * changed meanwhile have been told, and none later than a tenth of its life after it could have
 * been, since how old the one on the host is nobody knows. Safe for use by many threads.
 */
final class TokenTurns {
    private static final Duration STEP = Duration.ofMillis(20);
    private static final int MOST_OF_LIFE = 10;
    private static final Duration STATUSES_FIRST = Duration.ofSeconds(10);

    private final InstantSource clock;
    private Instant next;

    TokenTurns(InstantSource clock) {
        this.clock = clock;
        this.next = clock.instant().plus(STATUSES_FIRST);
    }

    /** The turn of one more token with a life of so many seconds. */
    synchronized Instant take(long lifeSeconds) {
        Instant now = clock.instant();
        Instant latest = now.plusMillis(lifeSeconds * 1000 / MOST_OF_LIFE);
        Instant turn = next.isAfter(now) ? next : now;
        if (turn.isAfter(latest)) {
            long wait = Duration.between(now, latest).toMillis();
            return now.plusMillis(ThreadLocalRandom.current().nextLong(wait + 1));
        }
        next = turn.plus(STEP);
        return turn;
    }
}
