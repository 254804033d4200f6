package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod's spec with the requests that its node has allocated to it: other than those that it asks
 * for while a resize waits or cannot be met (Kubernetes: resize CPU and memory resources). Pure.
 */
public final class AllocatedSpec {
    private static final String PENDING = "PodResizePending";

    private AllocatedSpec() {}

    /** What a pod takes of its node: while its resize waits, what it had before. */
    public static PodSpec of(Pod pod) {
        @Nullable PodStatus status = pod.getStatus();
        boolean pending =
                status != null
                        && status.getConditions().stream()
                                .anyMatch(condition -> PENDING.equals(condition.getType()));
        return pending && status != null ? of(pod.getSpec(), status) : pod.getSpec();
    }

    /** The spec with all requests that a status tells as allocated. */
    public static PodSpec of(PodSpec spec, PodStatus status) {
        Map<String, Map<String, Quantity>> allocated = new HashMap<>();
        add(allocated, status.getInitContainerStatuses());
        add(allocated, status.getContainerStatuses());
        Map<String, Quantity> whole = status.getAllocatedResources();
        boolean any = whole != null && !whole.isEmpty();
        if (allocated.isEmpty() && !any) {
            return spec;
        }
        PodSpec copy = new PodSpecBuilder(spec).build();
        replace(copy.getInitContainers(), allocated);
        replace(copy.getContainers(), allocated);
        if (any && copy.getResources() != null) {
            copy.setResources(with(copy.getResources(), whole));
        }
        return copy;
    }

    private static void add(Map<String, Map<String, Quantity>> to, List<ContainerStatus> statuses) {
        for (ContainerStatus status : statuses) {
            Map<String, Quantity> own = status.getAllocatedResources();
            if (own != null && !own.isEmpty()) {
                to.put(status.getName(), own);
            }
        }
    }

    private static void replace(
            List<Container> containers, Map<String, Map<String, Quantity>> allocated) {
        for (Container container : containers) {
            Map<String, Quantity> own = allocated.get(container.getName());
            if (own != null && container.getResources() != null) {
                container.setResources(with(container.getResources(), own));
            }
        }
    }

    private static ResourceRequirements with(
            ResourceRequirements resources, Map<String, Quantity> requests) {
        return new ResourceRequirementsBuilder(resources).withRequests(requests).build();
    }
}
