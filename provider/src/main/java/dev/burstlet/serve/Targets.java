package dev.burstlet.serve;

import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import dev.burstlet.serve.http.Refusal;
import dev.burstlet.serve.http.RequestPath;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the pod and the container that a path names, in the forms with and without the UID. */
final class Targets {
    private final NodeServices services;

    Targets(NodeServices services) {
        this.services = services;
    }

    /** A pod that a path names in its second and third segments. */
    Optional<Pod> find(RequestPath path) {
        return services.pods().find(path.segment(1), path.segment(2));
    }

    /** The pod of {@code /x/namespace/name[/uid]}. */
    PodKey pod(RequestPath path, int withUid) throws Refusal {
        Pod pod = find(path).orElseThrow(() -> new Refusal(404, "pod does not exist"));
        PodKey key = PodKey.of(pod);
        // Another pod of this name is not the one that was meant.
        if (path.size() == withUid && !path.segment(3).equals(key.uid())) {
            throw new Refusal(404, "pod does not exist");
        }
        return key;
    }

    /** The running container of {@code /x/namespace/name[/uid]/container}. */
    Target container(RequestPath path) throws Refusal {
        PodKey key = pod(path, 5);
        String name = path.segment(path.size() - 1);
        PodStatus status =
                services.lifecycle()
                        .getPodStatus(key)
                        .map(PodReport::status)
                        .orElseThrow(() -> notFound(name));
        if (statuses(status).noneMatch(one -> one.getName().equals(name) && running(one))) {
            throw notFound(name);
        }
        return new Target(key, name);
    }

    static boolean running(ContainerStatus status) {
        return status.getState() != null && status.getState().getRunning() != null;
    }

    /** Whether the pod's spec has a container of this name, of whatever kind. */
    static boolean declares(Pod pod, String name) {
        return Stream.of(
                        pod.getSpec().getContainers().stream().map(Container::getName),
                        pod.getSpec().getInitContainers().stream().map(Container::getName),
                        pod.getSpec().getEphemeralContainers().stream()
                                .map(EphemeralContainer::getName))
                .flatMap(names -> names)
                .anyMatch(name::equals);
    }

    /** The id of a container by the pod's status, as {@code docker://abc}; empty without one. */
    static Optional<String> containerId(Pod pod, String name) {
        return pod.getStatus() == null
                ? Optional.empty()
                : statuses(pod.getStatus())
                        .filter(status -> status.getName().equals(name))
                        .map(ContainerStatus::getContainerID)
                        .filter(id -> id != null && !id.isEmpty())
                        .findFirst();
    }

    private static Refusal notFound(String container) {
        return new Refusal(500, "container not found (\"" + container + "\")");
    }

    private static Stream<ContainerStatus> statuses(PodStatus status) {
        return Stream.of(
                        status.getContainerStatuses(),
                        status.getInitContainerStatuses(),
                        status.getEphemeralContainerStatuses())
                .flatMap(List::stream);
    }

    /** A container of a pod. */
    record Target(PodKey key, String container) {}
}
