package dev.burstlet.engine.status;

import dev.burstlet.engine.plan.Member;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountStatus;
import io.fabric8.kubernetes.api.model.VolumeMountStatusBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newer fields of a container's status: resources, user, volume mounts, stop signal. */
final class Details {
    private Details() {}

    static void add(
            ContainerStatusBuilder status,
            Member member,
            dev.burstlet.container.ContainerStatus container,
            @Nullable ResourceRequirements before,
            boolean recursiveReadOnly) {
        // Limits that are not given yet are not told as if they were.
        @Nullable ResourceRequirements resources =
                before != null ? before : member.spec().getResources();
        if (resources != null) {
            status.withResources(
                    new ResourceRequirementsBuilder()
                            .withRequests(resources.getRequests())
                            .withLimits(resources.getLimits())
                            .build());
        }
        @Nullable ResourceRequirements allocated = member.spec().getResources();
        if (allocated != null
                && allocated.getRequests() != null
                && !allocated.getRequests().isEmpty()) {
            status.withAllocatedResources(allocated.getRequests());
        }
        if (container.user() != null) {
            status.withNewUser()
                    .withNewLinux()
                    .withUid(container.user().uid())
                    .withGid(container.user().gid())
                    .withSupplementalGroups(container.user().supplementalGroups())
                    .endLinux()
                    .endUser();
        }
        if (member.spec().getLifecycle() != null) {
            status.withStopSignal(member.spec().getLifecycle().getStopSignal());
        }
        addMounts(status, member, recursiveReadOnly);
    }

    static void addMounts(ContainerStatusBuilder status, Member member, boolean recursiveReadOnly) {
        status.withVolumeMounts(mounts(member, recursiveReadOnly));
    }

    private static List<VolumeMountStatus> mounts(Member member, boolean recursiveReadOnly) {
        return member.spec().getVolumeMounts().stream()
                .map(mount -> mount(mount, recursiveReadOnly))
                .toList();
    }

    private static VolumeMountStatus mount(VolumeMount mount, boolean recursiveReadOnly) {
        boolean readOnly = Boolean.TRUE.equals(mount.getReadOnly());
        VolumeMountStatusBuilder status =
                new VolumeMountStatusBuilder()
                        .withName(mount.getName())
                        .withMountPath(mount.getMountPath())
                        .withReadOnly(readOnly ? true : null);
        if (readOnly) {
            @Nullable String asked = mount.getRecursiveReadOnly();
            boolean recursive =
                    "Enabled".equals(asked) || ("IfPossible".equals(asked) && recursiveReadOnly);
            status.withRecursiveReadOnly(recursive ? "Enabled" : "Disabled");
        }
        return status.build();
    }
}
