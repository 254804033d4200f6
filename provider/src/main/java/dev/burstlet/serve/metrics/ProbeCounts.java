package dev.burstlet.serve.metrics;

import java.util.List;

/** How often probes were run, for {@code /metrics/probes}. Safe for many threads. */
@FunctionalInterface
public interface ProbeCounts {
    List<Count> counts();

    /** How long answers took; none where that is not measured. */
    default List<Latency> latencies() {
        return List.of();
    }

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

    /**
     * One histogram.
     *
     * @param bounds upper bounds of the buckets, in seconds
     * @param counts of each bucket alone, one more than bounds
     * @param seconds the sum of all
     */
    record Latency(
            String namespace,
            String pod,
            String container,
            String type,
            List<Double> bounds,
            List<Long> counts,
            double seconds) {
        public Latency {
            bounds = List.copyOf(bounds);
            counts = List.copyOf(counts);
        }
    }
}
