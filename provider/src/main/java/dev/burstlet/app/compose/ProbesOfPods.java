package dev.burstlet.app.compose;

import dev.burstlet.engine.PodEngine;
import dev.burstlet.serve.metrics.ProbeCounts;
import java.util.List;

/** The probes of an engine's pods, as the kubelet API tells them. */
record ProbesOfPods(PodEngine pods) implements ProbeCounts {
    @Override
    public List<Count> counts() {
        return pods.probeCounts().stream()
                .map(count ->
                        new Count(
                                count.key().namespace(),
                                count.key().name(),
                                count.key().uid(),
                                count.container(),
                                count.kind().word(),
                                count.result(),
                                count.count()))
                .toList();
    }

    @Override
    public List<Latency> latencies() {
        return pods.probeLatencies().stream()
                .map(latency ->
                        new Latency(
                                latency.key().namespace(),
                                latency.key().name(),
                                latency.container(),
                                latency.kind().word(),
                                latency.bounds(),
                                latency.counts(),
                                latency.seconds()))
                .toList();
    }
}
