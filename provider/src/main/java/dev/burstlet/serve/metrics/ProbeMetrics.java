package dev.burstlet.serve.metrics;

import java.util.List;

/** {@code /metrics/probes}, with the kubelet's names. */
public final class ProbeMetrics {
    private ProbeMetrics() {}

    public static String of(List<ProbeCounts.Count> counts) {
        Exposition out =
                new Exposition()
                        .family(
                                "prober_probe_total",
                                "counter",
                                "Cumulative number of a liveness, readiness or startup probe for"
                                        + " a container by result.");
        for (ProbeCounts.Count count : counts) {
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
        return out.toString();
    }
}
