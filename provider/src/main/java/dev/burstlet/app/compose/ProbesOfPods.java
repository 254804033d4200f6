package dev.burstlet.app.compose;

import dev.burstlet.engine.probe.ProbeCount;
import dev.burstlet.engine.probe.ProbeLatency;
import dev.burstlet.serve.metrics.ProbeCounts;
import java.util.List;
import java.util.function.Supplier;

/** The probes of a host's pods, as the kubelet API tells them. */
record ProbesOfPods(Supplier<List<ProbeCount>> ended, Supplier<List<ProbeLatency>> latency)
        implements ProbeCounts {
    @Override
    public List<Count> counts() {
        return ended.get().stream()
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
        return latency.get().stream()
                .map(one ->
                        new Latency(
                                one.key().namespace(),
                                one.key().name(),
                                one.container(),
                                one.kind().word(),
                                one.bounds(),
                                one.counts(),
                                one.seconds()))
                .toList();
    }
}
