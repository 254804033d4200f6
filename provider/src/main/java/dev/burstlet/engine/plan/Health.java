package dev.burstlet.engine.plan;

import org.jspecify.annotations.Nullable;

/**
 * What the probes say of one running container.
 *
 * @param started its startup probe passed, or it has none
 * @param ready its readiness probe passes, or it has none
 * @param failure why it has to be killed ("failed liveness probe", "failed startup probe"), or null
 * @param graceSeconds the failed probe's own grace period, or null for the pod's
 */
public record Health(
        boolean started, boolean ready, @Nullable String failure, @Nullable Long graceSeconds) {
    /** Of a container without probes. */
    public static final Health GOOD = new Health(true, true, null, null);

    /** Of a container whose first results are not there yet. */
    public static final Health UNKNOWN = new Health(false, false, null, null);
}
