package dev.burstlet.engine;

import dev.burstlet.engine.plan.Member;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pod as its node has admitted it: while a resize waits for room, or can never be met, its
 * containers go on with the resources that they were promised before, and a resize that was begun
 * before goes on too (Kubernetes: resize CPU and memory resources, "Deferred" and "Infeasible").
 * Used by its worker only.
 */
final class Admitted {
    private @Nullable Wanted last;
    private @Nullable Wanted held;
    private @Nullable Wanted made;

    /**
     * What the pod's containers are to be like.
     *
     * @param waits whether there is no room for what is wanted
     * @param status told last, which is all that is known of a pod that was adopted while it waited
     */
    @SuppressWarnings("ReferenceEquality") // Made once for each that is wanted.
    Wanted of(Wanted wanted, boolean waits, PodStatus status) {
        if (!waits) {
            last = wanted;
            held = null;
            made = null;
            return wanted;
        }
        Wanted known = made;
        if (known == null || held != wanted) {
            known = with(wanted, last == null ? null : last.bundle().pod().getSpec(), status);
            held = wanted;
            made = known;
        }
        return known;
    }

    private static Wanted with(Wanted wanted, @Nullable PodSpec before, PodStatus status) {
        Pod pod = new PodBuilder(wanted.bundle().pod()).build();
        Map<String, ResourceRequirements> had = before == null ? given(status) : asked(before);
        for (Container container : containers(pod.getSpec()).toList()) {
            container.setResources(
                    had.getOrDefault(container.getName(), new ResourceRequirements()));
        }
        @Nullable ResourceRequirements whole =
                before == null ? status.getResources() : before.getResources();
        if (whole != null) {
            pod.getSpec().setResources(whole);
        }
        return new Wanted(
                wanted.bundle().with(pod),
                wanted.contentRevision(),
                Member.of(pod.getSpec()),
                wanted.qosClass());
    }

    private static Map<String, ResourceRequirements> asked(PodSpec spec) {
        Map<String, ResourceRequirements> all = new HashMap<>();
        containers(spec)
                .filter(container -> container.getResources() != null)
                .forEach(container -> all.put(container.getName(), container.getResources()));
        return all;
    }

    private static Map<String, ResourceRequirements> given(PodStatus status) {
        Map<String, ResourceRequirements> all = new HashMap<>();
        Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
                .flatMap(List<ContainerStatus>::stream)
                .filter(container -> container.getResources() != null)
                .forEach(container -> all.put(container.getName(), container.getResources()));
        return all;
    }

    private static Stream<Container> containers(PodSpec spec) {
        return Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream());
    }
}
