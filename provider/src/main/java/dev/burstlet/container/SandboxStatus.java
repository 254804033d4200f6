package dev.burstlet.container;

import dev.burstlet.pod.PodKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A sandbox as it is.
 *
 * @param ips the pod's addresses, primary first; empty with host network or when not ready
 */
public record SandboxStatus(
        String id,
        PodKey pod,
        int attempt,
        boolean ready,
        Instant createdAt,
        List<String> ips,
        Map<String, String> labels) {
    public SandboxStatus {
        ips = List.copyOf(ips);
        labels = Map.copyOf(labels);
    }
}
