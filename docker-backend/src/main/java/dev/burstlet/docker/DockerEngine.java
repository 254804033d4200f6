package dev.burstlet.docker;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.DiskUsage;
import dev.burstlet.container.EngineEvent;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.container.EngineStats;
import dev.burstlet.container.ExecResult;
import dev.burstlet.container.Filter;
import dev.burstlet.container.HostFigures;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.container.PodStorage;
import dev.burstlet.container.Publication;
import dev.burstlet.container.PullRequest;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.docker.client.ApiVersion;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.container.Containers;
import dev.burstlet.docker.container.LocalCgroups;
import dev.burstlet.docker.container.OomScoreFloor;
import dev.burstlet.docker.container.Runtimes;
import dev.burstlet.docker.container.Sandboxes;
import dev.burstlet.docker.event.EventStream;
import dev.burstlet.docker.image.Images;
import dev.burstlet.docker.image.SandboxImage;
import dev.burstlet.docker.network.ContainerFile;
import dev.burstlet.docker.network.HostResolver;
import dev.burstlet.docker.network.NetworkOptions;
import dev.burstlet.docker.network.PodNetwork;
import dev.burstlet.docker.stats.DockerStats;
import dev.burstlet.docker.stats.PodDisk;
import dev.burstlet.docker.stats.RemoteDisk;
import dev.burstlet.docker.stats.StorageUse;
import dev.burstlet.docker.stream.DockerStreams;
import dev.burstlet.docker.tool.LeftTools;
import dev.burstlet.docker.tool.SandboxTool;
import dev.burstlet.docker.translate.LogLimits;
import dev.burstlet.docker.volume.DockerVolumes;
import dev.burstlet.docker.volume.FirstContents;
import dev.burstlet.docker.volume.HeldVolumes;
import dev.burstlet.docker.volume.ScratchVolumes;
import dev.burstlet.docker.volume.VolumeFeatures;
import dev.burstlet.docker.wire.EngineDialer;
import dev.burstlet.docker.wire.Execs;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.ProcessIo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Docker Engine as {@link ContainerEngine}. A pod's sandbox is a container of the pause image;
 * its containers join the sandbox's network and IPC. Each part of the port is a class of its own;
 * here they only come together.
 */
public final class DockerEngine implements ContainerEngine {
    private final EngineClient client;
    private final InstantSource clock;
    private final EngineDescription description;
    private final HostResolver resolver;
    private final PodNetwork network;
    private final SandboxImage sandboxImage;
    private final Sandboxes sandboxes;
    private final Containers containers;
    private final LocalCgroups cgroups;
    private final Images images;
    private final EventStream events;
    private final DockerVolumes volumes;
    private final FirstContents firstContents;
    private final ScratchVolumes scratch;
    private final HeldVolumes held;
    private final DockerStreams streams;
    private final DockerStats stats;
    private final RemoteDisk remoteDisk;
    private final PodDisk disk;
    private final StorageUse storage;

    /** Created by this process without a part of a volume that has to be held while they start. */
    private final Set<String> plain = ConcurrentHashMap.newKeySet();

    /**
     * Connects to nothing yet.
     *
     * @throws IllegalArgumentException for settings that cannot be right, naming the key
     */
    public DockerEngine(EngineSettings settings, InstantSource clock) {
        NetworkOptions networkOptions = NetworkOptions.of(settings.options());
        LogLimits logLimits = LogLimits.of(settings.options());
        client = new EngineClient(settings);
        this.clock = clock;
        sandboxImage = new SandboxImage(client);
        Runtimes runtimes = new Runtimes(client);
        cgroups = new LocalCgroups(client);
        OomScoreFloor oomScores = new OomScoreFloor(client.host());
        network = new PodNetwork(client, networkOptions);
        description = new EngineDescription(client, network, runtimes);
        images = new Images(client);
        held = new HeldVolumes(client);
        resolver = new HostResolver(client, sandboxImage, clock);
        EngineDialer dialer = new EngineDialer(settings);
        firstContents = new FirstContents(dialer);
        sandboxes =
                new Sandboxes(
                        client,
                        sandboxImage,
                        network,
                        resolver,
                        runtimes,
                        oomScores,
                        cgroups,
                        firstContents,
                        held::made);
        containers = new Containers(client, images, logLimits, oomScores, cgroups);
        events = new EventStream(client);
        SandboxTool tool =
                new SandboxTool(new Execs(client.docker(), dialer), settings.callTimeout());
        volumes = new DockerVolumes(client.docker(), tool, this::volumeFeatures);
        scratch = new ScratchVolumes(tool);
        streams = new DockerStreams(client.docker(), dialer);
        stats = new DockerStats(client.docker(), dialer, tool, clock, description::localRoot);
        remoteDisk = new RemoteDisk(sandboxImage, stats, clock);
        disk = new PodDisk(client.docker(), dialer, clock, description::localRoot);
        storage = new StorageUse(client.docker(), tool, clock, description::localRoot);
    }

    @Override
    public EngineInfo info() {
        return description.read(remoteDisk);
    }

    @Override
    public void ensureNetwork(NetworkSpec spec) {
        LeftTools.remove(client.docker(), clock);
        network.ensure(spec);
        resolver.prepare();
    }

    @Override
    public SandboxSpec.Dns hostDns() {
        return resolver.dns();
    }

    @Override
    public AutoCloseable events(Consumer<EngineEvent> consumer) {
        return events.listen(event -> {
            if (event instanceof EngineEvent.Connected
                    || event instanceof EngineEvent.Disconnected) {
                held.reconnected();
                volumes.reconnected();
                plain.clear();
            }
            consumer.accept(event);
        });
    }

    @Override
    public String runPodSandbox(SandboxSpec spec) {
        try {
            return sandboxes.run(
                    spec,
                    volumes.sandboxMounts(spec.owner(), spec.pod(), spec.attempt(), spec.volumes()),
                    volumes.sandboxArguments(spec.volumes()));
        } catch (BackendException e) {
            throw volumes.mountFailure(spec.owner(), spec.pod(), spec.volumes(), e);
        }
    }

    @Override
    public void stopPodSandbox(String sandboxId) {
        sandboxes.stop(sandboxId);
    }

    @Override
    public void removePodSandbox(String sandboxId) {
        held.forget(sandboxId);
        sandboxes.remove(sandboxId);
    }

    @Override
    public List<SandboxStatus> listPodSandboxes(Filter filter) {
        return sandboxes.list(filter);
    }

    @Override
    public String createContainer(ContainerSpec spec) {
        requireVolumes(spec.sandboxId());
        String id = containers.create(spec, volumes.containerMounts(spec));
        if (spec.mounts().stream().allMatch(mount -> mount.subPath().isEmpty())) {
            plain.add(id);
        }
        return id;
    }

    @Override
    public void startContainer(String containerId) {
        if (plain.remove(containerId)) {
            containers.start(containerId);
            return;
        }
        requireVolumes(containers.sandboxOf(containerId));
        try (DockerVolumes.Pin _ = volumes.pin(containerId)) {
            containers.start(containerId);
        }
    }

    /** A sandbox that has lost its volumes is no sandbox for a container: it ends. */
    private void requireVolumes(String sandboxId) {
        if (!held.holds(sandboxId)) {
            sandboxes.stop(sandboxId);
            throw new BackendException(
                    Reason.CONFLICT,
                    "Docker host %s was restarted and has unmounted the volumes of sandbox %s"
                            .formatted(client.host(), sandboxId));
        }
    }

    @Override
    public void stopContainer(String containerId, Duration gracePeriod) {
        containers.stop(containerId, gracePeriod);
    }

    @Override
    public void removeContainer(String containerId) {
        plain.remove(containerId);
        containers.remove(containerId);
    }

    @Override
    public List<ContainerStatus> listContainers(Filter filter) {
        return containers.list(filter);
    }

    @Override
    public Optional<ContainerStatus> containerStatus(String containerId) {
        return containers.containerStatus(containerId);
    }

    @Override
    public void updateContainerResources(String containerId, Resources resources) {
        containers.update(containerId, resources);
    }

    @Override
    public void updateSandboxResources(
            String sandboxId, PodKey pod, Resources resources, Resources overhead, boolean raise) {
        cgroups.update(pod, resources, overhead, raise);
    }

    @Override
    public Optional<ImageInfo> imageStatus(String reference) {
        return images.status(reference);
    }

    @Override
    public ImageInfo pullImage(PullRequest request) {
        return images.pull(request);
    }

    @Override
    public List<ImageInfo> listImages() {
        return images.list();
    }

    @Override
    public void removeImage(String imageId) {
        images.remove(imageId);
        remoteDisk.changed();
    }

    @Override
    public void ensureVolumes(Owner owner, PodKey pod, List<VolumeSpec> specs) {
        sandboxImage.ensure();
        volumes.ensure(owner, pod, specs);
    }

    @Override
    public void publish(String sandboxId, PodKey pod, List<Publication> publications) {
        if (!firstContents.publish(sandboxId, publications)) {
            volumes.publish(sandboxId, pod, publications);
        }
    }

    @Override
    public Optional<byte[]> readFile(
            String sandboxId, PodKey pod, String volume, String path, int limitBytes) {
        return volumes.readFile(sandboxId, pod, volume, path, limitBytes);
    }

    @Override
    public String hostsFile(String sandboxId) {
        return ContainerFile.read(client, sandboxId, "/etc/hosts");
    }

    @Override
    public List<PodKey> listVolumes(Owner owner) {
        return volumes.list(owner);
    }

    @Override
    public void releaseVolumes(Owner owner, String sandboxId, PodKey pod, List<String> emptyDirs) {
        scratch.clear(sandboxId, emptyDirs);
    }

    @Override
    public void removeVolumes(Owner owner, PodKey pod) {
        volumes.remove(owner, pod);
        cgroups.removed(pod);
    }

    @Override
    public int exec(String containerId, List<String> command, ProcessIo io)
            throws IOException, InterruptedException {
        return streams.exec(containerId, command, io);
    }

    @Override
    public ExecResult execSync(
            String containerId, List<String> command, Duration timeout, int outputLimitBytes)
            throws InterruptedException {
        return streams.execSync(containerId, command, timeout, outputLimitBytes);
    }

    @Override
    public void attach(String containerId, ProcessIo io) throws IOException, InterruptedException {
        streams.attach(containerId, io);
    }

    @Override
    public void portForward(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        streams.portForward(sandboxId, port, in, out);
    }

    @Override
    public boolean dial(String sandboxId, int port, Duration timeout)
            throws IOException, InterruptedException {
        return streams.dial(sandboxId, port, timeout);
    }

    @Override
    public void logs(String containerId, LogRequest request, OutputStream out)
            throws IOException, InterruptedException {
        streams.logs(containerId, request, out);
    }

    @Override
    public EngineStats stats(Owner owner) {
        return stats.stats(owner);
    }

    /** Read where this process is if that is the engine's machine, else through a sandbox. */
    @Override
    public HostFigures hostFigures(Owner owner) {
        @Nullable HostFigures here = description.figures();
        return here != null ? here : stats.figures(owner);
    }

    @Override
    public DiskUsage diskUsage(Owner owner, PodKey pod) {
        return disk.of(owner, pod);
    }

    @Override
    public PodStorage podStorage(
            Owner owner, String sandboxId, PodKey pod, List<VolumeSpec> volumes) {
        return storage.of(owner, sandboxId, pod, volumes);
    }

    private VolumeFeatures volumeFeatures() {
        ApiVersion version = client.version();
        return VolumeFeatures.of(version.major(), version.minor());
    }

    @Override
    public void close() {
        events.close();
        firstContents.close();
        client.close();
    }
}
