package dev.burstlet.engine.plan;

import java.time.Duration;

/**
 * How long to wait between tries.
 *
 * @param crashInitial before a container's second restart
 * @param crashLimit the longest wait before a restart; twice this long without a restart forgets it
 * @param retryInitial after the first failure of a call to the engine
 * @param retryLimit the longest wait between calls that fail
 * @param minimumStop what a container has at least between its stop signal and SIGKILL
 */
public record BackOffRules(
        Duration crashInitial,
        Duration crashLimit,
        Duration retryInitial,
        Duration retryLimit,
        Duration minimumStop) {
    /** The kubelet's. */
    public static final BackOffRules KUBELET =
            new BackOffRules(
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2));

    /** The wait after so many failures in a row of a call. */
    public Duration retry(int failures) {
        return doubled(retryInitial, failures - 1, retryLimit);
    }

    /** The wait before a container's restart; the first one is at once. */
    public Duration crash(int restartsBefore) {
        return doubled(crashInitial, restartsBefore, crashLimit);
    }

    private static Duration doubled(Duration initial, int times, Duration limit) {
        Duration wait = initial;
        for (int i = 0; i < times && wait.compareTo(limit) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(limit) < 0 ? wait : limit;
    }
}
