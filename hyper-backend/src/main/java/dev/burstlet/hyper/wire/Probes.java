package dev.burstlet.hyper.wire;

import dev.burstlet.engine.probe.ProbeCount;
import dev.burstlet.engine.probe.ProbeKind;
import dev.burstlet.engine.probe.ProbeLatency;
import dev.burstlet.hyper.proto.agent.V1;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How probes ended and how long they took, as messages. */
public final class Probes {
    private Probes() {}

    public static V1.ProbeCountsResponse told(
            List<ProbeCount> counts, List<ProbeLatency> latencies) {
        V1.ProbeCountsResponse.Builder made = V1.ProbeCountsResponse.newBuilder();
        counts.forEach(count ->
                made.addCounts(
                        V1.ProbeCount.newBuilder()
                                .setKey(Bundles.key(count.key()))
                                .setContainer(count.container())
                                .setKind(count.kind().name())
                                .setResult(count.result())
                                .setCount(count.count())));
        latencies.forEach(latency ->
                made.addLatencies(
                        V1.ProbeLatency.newBuilder()
                                .setKey(Bundles.key(latency.key()))
                                .setContainer(latency.container())
                                .setKind(latency.kind().name())
                                .addAllBounds(latency.bounds())
                                .addAllCounts(latency.counts())
                                .setSeconds(latency.seconds())));
        return made.build();
    }

    /** Leaves out kinds that this side does not know. */
    public static List<ProbeCount> counts(V1.ProbeCountsResponse told) {
        return told.getCountsList().stream()
                .flatMap(count ->
                        kind(count.getKind()).stream()
                                .map(kind ->
                                        new ProbeCount(
                                                Bundles.key(count.getKey()),
                                                count.getContainer(),
                                                kind,
                                                count.getResult(),
                                                count.getCount())))
                .toList();
    }

    /** Leaves out kinds that this side does not know; an older agent tells none. */
    public static List<ProbeLatency> latencies(V1.ProbeCountsResponse told) {
        return told.getLatenciesList().stream()
                .flatMap(latency ->
                        kind(latency.getKind()).stream()
                                .map(kind ->
                                        new ProbeLatency(
                                                Bundles.key(latency.getKey()),
                                                latency.getContainer(),
                                                kind,
                                                latency.getBoundsList(),
                                                latency.getCountsList(),
                                                latency.getSeconds())))
                .toList();
    }

    private static Optional<ProbeKind> kind(String name) {
        return Arrays.stream(ProbeKind.values())
                .filter(kind -> kind.name().equals(name))
                .findFirst();
    }
}
