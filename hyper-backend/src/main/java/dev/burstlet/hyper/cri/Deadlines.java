package dev.burstlet.hyper.cri;

import java.time.Duration;

/**
 * How long calls may take that are not ordinary. A machine boots for seconds, and one that fails to
 * takes the runtime's whole dial time-out before the error comes (Kata: 120 s).
 *
 * @param machineStart to run a sandbox or start a container in a machine of its own
 * @param pull of an image; progress is the runtime's to watch, the CRI shows none
 */
public record Deadlines(Duration ordinary, Duration machineStart, Duration pull) {
    /** What killing and cleaning up may take beyond a grace period. */
    private static final Duration AFTER_GRACE = Duration.ofSeconds(60);

    Duration start(boolean isolated) {
        return isolated && machineStart.compareTo(ordinary) > 0 ? machineStart : ordinary;
    }

    Duration stop(Duration gracePeriod) {
        return ordinary.plus(gracePeriod).plus(AFTER_GRACE);
    }
}
