package dev.burstlet.engine.plan;

import dev.burstlet.pod.PodBundle;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's containers are made with while a resize of it waits for room, or can never be met:
 * with the resources that they were given before, which the status keeps (Kubernetes: resize CPU
 * and memory resources, "Deferred" and "Infeasible"). Pure.
 */
public final class AllocatedResources {
    private AllocatedResources() {}

    /** The bundle that a container is to be started from. */
    public static PodBundle in(PodBundle bundle, Situation situation) {
        if (situation.deferred() == null) {
            return bundle;
        }
        Pod pod = new PodBuilder(bundle.pod()).build();
        List<Container> all = new ArrayList<>(pod.getSpec().getInitContainers());
        all.addAll(pod.getSpec().getContainers());
        for (Container container : all) {
            situation
                    .member(container.getName())
                    .flatMap(situation::previous)
                    .ifPresent(status -> container.setResources(resources(status)));
        }
        @Nullable ResourceRequirements whole = situation.previous().getResources();
        if (whole != null) {
            pod.getSpec().setResources(whole);
        }
        return bundle.with(pod);
    }

    /** None where it was given none. */
    private static ResourceRequirements resources(ContainerStatus status) {
        @Nullable ResourceRequirements given = status.getResources();
        return given == null ? new ResourceRequirements() : given;
    }
}
