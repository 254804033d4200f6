package dev.burstlet.engine.plan;

import java.time.Instant;

/**
 * A container that is being ended: preStop first, then the stop signal, then SIGKILL.
 *
 * @param deadline when SIGKILL is due
 * @param atOnce no preStop, no stop signal
 */
public record Killing(
        String message,
        Instant deadline,
        boolean atOnce,
        boolean preStopDone,
        int failures,
        Instant retryAt) {
    public Killing(String message, Instant deadline, boolean atOnce) {
        this(message, deadline, atOnce, atOnce, 0, Instant.EPOCH);
    }

    public Killing preStopped() {
        return new Killing(message, deadline, atOnce, true, failures, retryAt);
    }

    public Killing failed(BackOffRules rules, Instant now) {
        return new Killing(
                message,
                deadline,
                atOnce,
                preStopDone,
                failures + 1,
                now.plus(rules.retry(failures + 1)));
    }

    /** The same with less time, if it is less. */
    public Killing shortened(Instant earlier, boolean now) {
        boolean kill = atOnce || now;
        Instant end = earlier.isBefore(deadline) ? earlier : deadline;
        return end.equals(deadline) && kill == atOnce
                ? this
                : new Killing(message, end, kill, preStopDone || kill, failures, retryAt);
    }
}
