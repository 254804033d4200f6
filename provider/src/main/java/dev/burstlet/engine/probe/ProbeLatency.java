package dev.burstlet.engine.probe;

import dev.burstlet.pod.PodKey;
import java.util.List;

/**
 * How long the answers of a probe took: the kubelet's prober_probe_duration_seconds.
 *
 * @param bounds upper bounds of the buckets, in seconds
 * @param counts of each bucket alone, one more than bounds
 * @param seconds the sum of all
 */
public record ProbeLatency(
        PodKey key,
        String container,
        ProbeKind kind,
        List<Double> bounds,
        List<Long> counts,
        double seconds) {
    public ProbeLatency {
        bounds = List.copyOf(bounds);
        counts = List.copyOf(counts);
    }
}
