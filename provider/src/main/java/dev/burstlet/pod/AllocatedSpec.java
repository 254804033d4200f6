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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod's spec with the requests that its node has allocated to it: other than those that it asks
 * for before its node has agreed to a resize, and while that waits or cannot be met (Kubernetes:
 * resize CPU and memory resources). Pure.
 */
public final class AllocatedSpec {
    private AllocatedSpec() {}

    /** What a pod takes of its node: what its status tells, else what it asks for. */
    public static PodSpec of(Pod pod) {
        @Nullable PodStatus status = pod.getStatus();
        return status == null ? pod.getSpec() : of(pod.getSpec(), status);
    }

    /** The spec with all requests that a status tells as allocated; the same where it has them. */
    public static PodSpec of(PodSpec spec, PodStatus status) {
        Map<String, Map<String, Quantity>> allocated = new HashMap<>();
        add(allocated, status.getInitContainerStatuses());
        add(allocated, status.getContainerStatuses());
        Map<String, Quantity> whole = status.getAllocatedResources();
        boolean any = whole != null && !whole.isEmpty();
        if (has(spec.getInitContainers(), allocated)
                && has(spec.getContainers(), allocated)
                && (!any || has(spec.getResources(), whole))) {
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

    private static boolean has(
            List<Container> containers, Map<String, Map<String, Quantity>> allocated) {
        return containers.stream()
                .allMatch(c -> {
                    @Nullable Map<String, Quantity> own = allocated.get(c.getName());
                    return own == null || has(c.getResources(), own);
                });
    }

    /** What has no resources at all is given none. */
    private static boolean has(
            @Nullable ResourceRequirements resources, @Nullable Map<String, Quantity> requests) {
        return resources == null || Objects.equals(requests, resources.getRequests());
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
