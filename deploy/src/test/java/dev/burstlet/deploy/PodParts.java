package dev.burstlet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.stream.Stream;

/** Parts of a pod's status, by name. */
final class PodParts {
    private PodParts() {}

    /** A pod bound to the node, of this spec; its grace is two seconds unless the spec says. */
    static void create(Scene scene, String name, String spec) {
        boolean own = ("\n" + spec).contains("\nterminationGracePeriodSeconds");
        String grace = own ? "" : "terminationGracePeriodSeconds: 2\n";
        scene.create(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec:\n%s"
                        .formatted(name, ("nodeName: $NODE\n" + grace + spec).indent(2)));
    }

    static ContainerStatus named(Pod pod, String container) {
        return Stream.concat(
                        pod.getStatus().getContainerStatuses().stream(),
                        pod.getStatus().getInitContainerStatuses().stream())
                .filter(status -> status.getName().equals(container))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no status of " + container));
    }

    static ContainerStateTerminated terminated(Pod pod, String container) {
        ContainerStateTerminated state = named(pod, container).getState().getTerminated();
        assertThat(state).as(container).isNotNull();
        return state;
    }

    static Instant finished(ContainerStatus status) {
        return Instant.parse(status.getState().getTerminated().getFinishedAt());
    }

    static PodCondition condition(Pod pod, String type) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type));
    }
}
