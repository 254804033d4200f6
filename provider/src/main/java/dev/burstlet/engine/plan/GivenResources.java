package dev.burstlet.engine.plan;

import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a container was given before this process started, by the status that the API server has of
 * it: where that differs from the spec, a resize was asked for and not done. Pure.
 */
final class GivenResources {
    private GivenResources() {}

    static boolean differs(Situation situation, Member member, String resource) {
        return ofContainer(situation.previous(), member, resource)
                || ofPod(situation, member, resource);
    }

    /** A container without a limit of its own has the pod's. */
    private static boolean ofPod(Situation situation, Member member, String resource) {
        @Nullable ResourceRequirements given = situation.previous().getResources();
        @Nullable ResourceRequirements wanted = situation.spec().getResources();
        return given != null
                && wanted != null
                && Quantities.millis(PodResources.limits(member.spec()), resource) == 0
                && differ(given, wanted, ResourceRequirements::getLimits, resource);
    }

    /** In bytes: the container's, else the pod's; 0 where there is none. */
    static long memoryLimit(Situation situation, Member member) {
        PodStatus status = situation.previous();
        return Stream.concat(
                        given(status, member).stream(), Stream.ofNullable(status.getResources()))
                .mapToLong(one -> Quantities.whole(one.getLimits(), "memory"))
                .filter(limit -> limit > 0)
                .findFirst()
                .orElse(0);
    }

    private static Optional<ResourceRequirements> given(PodStatus status, Member member) {
        return Stream.of(status.getContainerStatuses(), status.getInitContainerStatuses())
                .flatMap(List::stream)
                .filter(one -> one.getName().equals(member.name()))
                .map(ContainerStatus::getResources)
                .flatMap(Stream::ofNullable)
                .findFirst();
    }

    private static boolean ofContainer(PodStatus status, Member member, String resource) {
        Optional<ResourceRequirements> given = given(status, member);
        @Nullable ResourceRequirements wanted = member.spec().getResources();
        return given.isPresent()
                && wanted != null
                && (differ(given.get(), wanted, ResourceRequirements::getLimits, resource)
                        || differ(
                                given.get(), wanted, ResourceRequirements::getRequests, resource));
    }

    private static boolean differ(
            ResourceRequirements one,
            ResourceRequirements other,
            Function<ResourceRequirements, @Nullable Map<String, Quantity>> part,
            String resource) {
        return Quantities.millis(part.apply(one), resource)
                != Quantities.millis(part.apply(other), resource);
    }
}
