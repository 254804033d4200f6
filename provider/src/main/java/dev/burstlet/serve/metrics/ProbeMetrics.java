package dev.burstlet.serve.metrics;

/** {@code /metrics/probes}, with the kubelet's names. */
public final class ProbeMetrics {
    private ProbeMetrics() {}

    public static String of(ProbeCounts probes) {
        Exposition out =
                new Exposition()
                        .family(
                                "prober_probe_total",
                                "counter",
                                "Cumulative number of a liveness, readiness or startup probe for"
                                        + " a container by result.");
        for (ProbeCounts.Count count : probes.counts()) {
            out.sample(
                    count.value(),
                    null,
                    "container",
                    count.container(),
                    "namespace",
                    count.namespace(),
                    "pod",
                    count.pod(),
                    "pod_uid",
                    count.podUid(),
                    "probe_type",
                    count.type(),
                    "result",
                    count.result());
        }
        out.family(
                "prober_probe_duration_seconds",
                "histogram",
                "How long a container took to answer a probe, in seconds.");
        for (ProbeCounts.Latency latency : probes.latencies()) {
            out.histogram(
                    latency.bounds(),
                    latency.counts(),
                    latency.seconds(),
                    "container",
                    latency.container(),
                    "namespace",
                    latency.namespace(),
                    "pod",
                    latency.pod(),
                    "probe_type",
                    latency.type());
        }
        return out.toString();
    }
}
