package dev.burstlet.hyper.cri;

import dev.burstlet.hyper.proto.cri.Capability;
import dev.burstlet.hyper.proto.cri.Container;
import dev.burstlet.hyper.proto.cri.ContainerConfig;
import dev.burstlet.hyper.proto.cri.ContainerFilter;
import dev.burstlet.hyper.proto.cri.ContainerMetadata;
import dev.burstlet.hyper.proto.cri.ContainerState;
import dev.burstlet.hyper.proto.cri.CreateContainerRequest;
import dev.burstlet.hyper.proto.cri.ImageSpec;
import dev.burstlet.hyper.proto.cri.Int64Value;
import dev.burstlet.hyper.proto.cri.LinuxContainerConfig;
import dev.burstlet.hyper.proto.cri.LinuxContainerResources;
import dev.burstlet.hyper.proto.cri.LinuxContainerSecurityContext;
import dev.burstlet.hyper.proto.cri.LinuxPodSandboxConfig;
import dev.burstlet.hyper.proto.cri.ListContainersRequest;
import dev.burstlet.hyper.proto.cri.Mount;
import dev.burstlet.hyper.proto.cri.NamespaceMode;
import dev.burstlet.hyper.proto.cri.NamespaceOption;
import dev.burstlet.hyper.proto.cri.PodSandboxConfig;
import dev.burstlet.hyper.proto.cri.PodSandboxStatus;
import dev.burstlet.hyper.proto.cri.SecurityProfile;
import dev.burstlet.hyper.proto.cri.StartContainerRequest;
import java.nio.file.Path;
import java.util.List;

/**
 * Containers of our own in a pod's sandbox, one in each at most. They have no labels of a pod, so
 * they are in no status; they are removed with their sandbox. They may do nothing but run.
 */
public final class HelperContainers {
    private static final String LABEL = "dev.burstlet.helper";
    private static final String NAME = "burstlet-helper";
    private static final long NOBODY = 65534;
    private static final long LEAST_SHARES = 2;

    private final CriConnection connection;
    private final Sandboxes sandboxes;
    private final Containers containers;
    private final Deadlines deadlines;

    public HelperContainers(
            CriConnection connection,
            Sandboxes sandboxes,
            Containers containers,
            Deadlines deadlines) {
        this.connection = connection;
        this.sandboxes = sandboxes;
        this.containers = containers;
        this.deadlines = deadlines;
    }

    /**
     * What is run.
     *
     * @param folder of the host, that has the program, mounted where the line expects it
     */
    public record Program(List<String> line, Path folder, String mountedAt) {
        public Program {
            line = List.copyOf(line);
        }
    }

    /** Starts it in place of any before it; its id. */
    public String start(PodSandboxStatus sandbox, Program program) {
        before(sandbox.getId()).forEach(containers::remove);
        CreateContainerRequest request =
                CreateContainerRequest.newBuilder()
                        .setPodSandboxId(sandbox.getId())
                        .setConfig(
                                config(sandbox.getId(), sandboxes.image(sandbox.getId()), program))
                        .setSandboxConfig(
                                PodSandboxConfig.newBuilder()
                                        .setMetadata(sandbox.getMetadata())
                                        .setLinux(
                                                LinuxPodSandboxConfig.newBuilder()
                                                        .setCgroupParent(
                                                                sandboxes.cgroup(sandbox))))
                        .build();
        String what = "a helper in sandbox " + sandbox.getId();
        String id =
                connection
                        .lifecycle(
                                "create " + what,
                                deadlines.machineStart(),
                                stub -> stub.createContainer(request))
                        .getContainerId();
        var _ =
                connection.lifecycle(
                        "start " + what,
                        deadlines.machineStart(),
                        stub ->
                                stub.startContainer(
                                        StartContainerRequest.newBuilder()
                                                .setContainerId(id)
                                                .build()));
        return id;
    }

    /** Whether it has not ended. */
    public boolean running(String id) {
        return containers
                .wire(id)
                .map(status -> status.getState() == ContainerState.CONTAINER_RUNNING)
                .orElse(false);
    }

    private List<String> before(String sandboxId) {
        ContainerFilter filter =
                ContainerFilter.newBuilder()
                        .setPodSandboxId(sandboxId)
                        .putLabelSelector(LABEL, sandboxId)
                        .build();
        return connection
                .runtime(
                        "list helpers",
                        stub ->
                                stub.listContainers(
                                        ListContainersRequest.newBuilder()
                                                .setFilter(filter)
                                                .build()))
                .getContainersList()
                .stream()
                .map(Container::getId)
                .toList();
    }

    private static ContainerConfig config(String sandboxId, String image, Program program) {
        return ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(NAME))
                .setImage(ImageSpec.newBuilder().setImage(image))
                .addAllCommand(program.line())
                .putLabels(LABEL, sandboxId)
                .addMounts(
                        Mount.newBuilder()
                                .setHostPath(program.folder().toString())
                                .setContainerPath(program.mountedAt())
                                .setReadonly(true))
                .setLinux(
                        LinuxContainerConfig.newBuilder()
                                .setResources(
                                        LinuxContainerResources.newBuilder()
                                                .setCpuShares(LEAST_SHARES))
                                .setSecurityContext(security()))
                .build();
    }

    private static LinuxContainerSecurityContext security() {
        return LinuxContainerSecurityContext.newBuilder()
                .setCapabilities(Capability.newBuilder().addDropCapabilities("ALL"))
                .setNamespaceOptions(
                        NamespaceOption.newBuilder()
                                .setNetwork(NamespaceMode.POD)
                                .setPid(NamespaceMode.CONTAINER)
                                .setIpc(NamespaceMode.POD))
                .setRunAsUser(Int64Value.newBuilder().setValue(NOBODY))
                .setRunAsGroup(Int64Value.newBuilder().setValue(NOBODY))
                .setReadonlyRootfs(true)
                .setNoNewPrivs(true)
                .setSeccomp(
                        SecurityProfile.newBuilder()
                                .setProfileType(SecurityProfile.ProfileType.RuntimeDefault))
                .build();
    }
}
