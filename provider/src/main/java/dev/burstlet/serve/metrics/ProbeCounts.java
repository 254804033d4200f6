package dev.burstlet.serve.metrics;

import java.util.List;

/** How often probes were run, for {@code /metrics/probes}. Safe for many threads. */
@FunctionalInterface
public interface ProbeCounts {
    List<Count> counts();

    /**
     * One counter.
     *
     * @param type Liveness, Readiness or Startup
     * @param result successful, failed or unknown
     */
    record Count(
            String namespace,
            String pod,
            String podUid,
            String container,
            String type,
            String result,
            long value) {}
}
