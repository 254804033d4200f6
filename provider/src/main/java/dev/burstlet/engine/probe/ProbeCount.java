package dev.burstlet.engine.probe;

import dev.burstlet.pod.PodKey;

/**
 * How often a probe ended how: the kubelet's prober_probe_total.
 *
 * @param result {@code successful}, {@code failed} or {@code unknown}
 */
public record ProbeCount(PodKey key, String container, ProbeKind kind, String result, long count) {}
