package dev.burstlet.deploy.bench;

import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.proto.cri.ContainerConfig;
import dev.burstlet.hyper.proto.cri.ContainerMetadata;
import dev.burstlet.hyper.proto.cri.ContainerStatusRequest;
import dev.burstlet.hyper.proto.cri.CreateContainerRequest;
import dev.burstlet.hyper.proto.cri.ImageSpec;
import dev.burstlet.hyper.proto.cri.ImageStatusRequest;
import dev.burstlet.hyper.proto.cri.LinuxPodSandboxConfig;
import dev.burstlet.hyper.proto.cri.LinuxSandboxSecurityContext;
import dev.burstlet.hyper.proto.cri.Mount;
import dev.burstlet.hyper.proto.cri.PodSandboxConfig;
import dev.burstlet.hyper.proto.cri.PodSandboxMetadata;
import dev.burstlet.hyper.proto.cri.PodSandboxStatusRequest;
import dev.burstlet.hyper.proto.cri.RemovePodSandboxRequest;
import dev.burstlet.hyper.proto.cri.RunPodSandboxRequest;
import dev.burstlet.hyper.proto.cri.SecurityProfile;
import dev.burstlet.hyper.proto.cri.StartContainerRequest;
import dev.burstlet.hyper.proto.cri.StopPodSandboxRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The calls of the CRI that a pod of one container needs, and no more. Its container has the two
 * files that a kubelet mounts into each, the hosts file and the one for its last words, and the pod
 * a cgroup of its own.
 */
final class CriCalls implements AutoCloseable {
    static final List<String> COMMAND = List.of("sleep", "86400");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final LinuxSandboxSecurityContext SECURITY =
            LinuxSandboxSecurityContext.newBuilder()
                    .setSeccomp(
                            SecurityProfile.newBuilder()
                                    .setProfileType(SecurityProfile.ProfileType.RuntimeDefault))
                    .build();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final CriConnection connection;
    private final String handler;
    private final String image;
    private final Path hosts;
    private final Path lastWords;

    CriCalls(Path socket, String handler, String image) throws IOException {
        hosts = Files.createTempFile("bare", "hosts");
        lastWords = Files.createTempFile("bare", "termination-log");
        this.connection = new CriConnection("bench", socket, PATIENCE, 4);
        this.handler = handler;
        this.image = image;
    }

    /** What was run, and how long it took. */
    record Run(String sandbox, String cgroup, double seconds) {}

    /** A kubelet's order: image, sandbox and its address, container, its state. */
    Run run() {
        String uid = UUID.randomUUID().toString();
        String cgroup = "burstlet-bare/pod" + uid;
        PodSandboxConfig config =
                PodSandboxConfig.newBuilder()
                        .setMetadata(
                                PodSandboxMetadata.newBuilder()
                                        .setName("bare-" + uid.substring(0, 8))
                                        .setNamespace("bench")
                                        .setUid(uid))
                        .setHostname("bare")
                        .setLogDirectory("/var/log/pods/bench_bare_" + uid)
                        .setLinux(
                                LinuxPodSandboxConfig.newBuilder()
                                        .setCgroupParent("/" + cgroup)
                                        .setSecurityContext(SECURITY))
                        .build();
        long begun = System.nanoTime();
        ImageSpec spec = ImageSpec.newBuilder().setImage(image).build();
        String imageId =
                connection
                        .images(
                                "image",
                                PATIENCE,
                                stub ->
                                        stub.imageStatus(
                                                ImageStatusRequest.newBuilder()
                                                        .setImage(spec)
                                                        .build()))
                        .getImage()
                        .getId();
        String sandbox = sandbox(config);
        String container = container(sandbox, config, imageId);
        var _ =
                connection.runtime(
                        "start",
                        stub ->
                                stub.startContainer(
                                        StartContainerRequest.newBuilder()
                                                .setContainerId(container)
                                                .build()));
        var _ =
                connection.runtime(
                        "status",
                        stub ->
                                stub.containerStatus(
                                        ContainerStatusRequest.newBuilder()
                                                .setContainerId(container)
                                                .build()));
        return new Run(sandbox, cgroup, (System.nanoTime() - begun) / 1e9);
    }

    private String sandbox(PodSandboxConfig config) {
        RunPodSandboxRequest request =
                RunPodSandboxRequest.newBuilder()
                        .setConfig(config)
                        .setRuntimeHandler(handler)
                        .build();
        String sandbox =
                connection
                        .runtime("sandbox", stub -> stub.runPodSandbox(request))
                        .getPodSandboxId();
        var _ =
                connection.runtime(
                        "address",
                        stub ->
                                stub.podSandboxStatus(
                                        PodSandboxStatusRequest.newBuilder()
                                                .setPodSandboxId(sandbox)
                                                .build()));
        return sandbox;
    }

    private String container(String sandbox, PodSandboxConfig config, String imageId) {
        CreateContainerRequest request =
                CreateContainerRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .setSandboxConfig(config)
                        .setConfig(
                                ContainerConfig.newBuilder()
                                        .setMetadata(ContainerMetadata.newBuilder().setName("main"))
                                        .setImage(ImageSpec.newBuilder().setImage(imageId))
                                        .addAllCommand(COMMAND)
                                        .addMounts(mount(hosts, "/etc/hosts"))
                                        .addMounts(mount(lastWords, "/dev/termination-log"))
                                        .setLogPath("main/0.log"))
                        .build();
        return connection
                .runtime("container", stub -> stub.createContainer(request))
                .getContainerId();
    }

    private static Mount mount(Path file, String where) {
        return Mount.newBuilder().setHostPath(file.toString()).setContainerPath(where).build();
    }

    void remove(Run run) {
        var _ =
                connection.runtime(
                        "stop",
                        stub ->
                                stub.stopPodSandbox(
                                        StopPodSandboxRequest.newBuilder()
                                                .setPodSandboxId(run.sandbox())
                                                .build()));
        var _ =
                connection.runtime(
                        "remove",
                        stub ->
                                stub.removePodSandbox(
                                        RemovePodSandboxRequest.newBuilder()
                                                .setPodSandboxId(run.sandbox())
                                                .build()));
        removeCgroup(run.cgroup());
    }

    /** One in each hierarchy, or the one of a unified one; a shim may stay in it for a moment. */
    private static void removeCgroup(String cgroup) {
        Set<Path> places = new TreeSet<>(Set.of(CGROUPS.resolve(cgroup)));
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            hierarchies.map(hierarchy -> hierarchy.resolve(cgroup)).forEach(places::add);
            for (Path place : places) {
                Files.deleteIfExists(place);
            }
        } catch (IOException e) {
            System.err.println("left: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        removeCgroup("burstlet-bare");
        connection.close();
        Files.delete(hosts);
        Files.delete(lastWords);
    }
}
