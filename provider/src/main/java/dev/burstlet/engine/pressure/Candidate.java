package dev.burstlet.engine.pressure;

import dev.burstlet.pod.PodKey;
import java.util.List;

/**
 * A pod that might have to go.
 *
 * @param critical such a pod is never evicted
 * @param known whether its usage is; a pod that cannot be measured goes first
 * @param usage of the resource that is short, by the whole pod
 * @param request of it, by the whole pod
 */
public record Candidate(
        PodKey key,
        int priority,
        boolean critical,
        boolean known,
        long usage,
        long request,
        List<ContainerUse> containers) {
    public Candidate {
        containers = List.copyOf(containers);
    }

    /** One container's part. */
    public record ContainerUse(String name, long usage, long request) {}

    boolean exceeds() {
        return usage > request;
    }

    long excess() {
        return usage - request;
    }
}
