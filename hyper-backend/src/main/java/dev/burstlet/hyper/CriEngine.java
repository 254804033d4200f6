package dev.burstlet.hyper;

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
import dev.burstlet.container.PodCgroups;
import dev.burstlet.container.PodStorage;
import dev.burstlet.container.Publication;
import dev.burstlet.container.PullRequest;
import dev.burstlet.container.ResolvConf;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.hyper.cri.Containers;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.Deadlines;
import dev.burstlet.hyper.cri.HelperContainers;
import dev.burstlet.hyper.cri.Images;
import dev.burstlet.hyper.cri.Sandboxes;
import dev.burstlet.hyper.cri.SeccompProfiles;
import dev.burstlet.hyper.cri.Translation;
import dev.burstlet.hyper.event.EventFeed;
import dev.burstlet.hyper.log.LogRotation;
import dev.burstlet.hyper.stats.PodDisk;
import dev.burstlet.hyper.stats.StorageUse;
import dev.burstlet.hyper.stats.UsageReader;
import dev.burstlet.hyper.volume.VolumeTree;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.ProcessIo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The container engine over a CRI runtime on this host: calls go to its socket, volumes and logs
 * are files of the host. Whatever it knows it has from the runtime's labels and the directory tree,
 * so any number of processes may follow each other.
 */
final class CriEngine implements ContainerEngine {
    private static final Path HOSTS = Path.of("/etc/hosts");
    private static final Path RESOLVER = Path.of("/etc/resolv.conf");
    private static final Path RESOLVED = Path.of("/run/systemd/resolve/resolv.conf");

    private final CriConnection connection;
    private final RuntimeProfile profile;
    private final Sandboxes sandboxes;
    private final Containers containers;
    private final Images images;
    private final VolumeTree volumes;
    private final Processes processes;
    private final PortForwarder ports;
    private final UsageReader usage;
    private final LogKeeper logs;
    private final PodDisk disk;
    private final StorageUse storage;
    private final PodCgroups cgroups = new PodCgroups(Path.of("/sys/fs/cgroup"));
    private final Set<EventFeed> feeds = ConcurrentHashMap.newKeySet();

    CriEngine(EngineSettings settings, Path socket, CriOptions options, InstantSource clock) {
        connection =
                new CriConnection(
                        settings.name(), socket, settings.callTimeout(), settings.parallelism());
        profile = new RuntimeProfile(connection, options.runtimeHandler(), clock);
        Translation translation =
                new Translation(
                        options.logs(), new SeccompProfiles(options.root().resolve("seccomp")));
        Deadlines deadlines =
                new Deadlines(settings.callTimeout(), options.machineStart(), options.pull());
        volumes = new VolumeTree(options.root(), clock);
        sandboxes =
                new Sandboxes(
                        connection,
                        profile::facts,
                        translation,
                        deadlines,
                        options.runtimeHandler(),
                        cgroups);
        images = new Images(connection, profile::facts, deadlines);
        containers =
                new Containers(
                        connection,
                        profile::facts,
                        sandboxes,
                        images,
                        translation,
                        deadlines,
                        volumes);
        processes = new Processes(connection, containers);
        LoopbackRelay relay =
                new LoopbackRelay(
                        connection,
                        new HelperContainers(connection, sandboxes, containers, deadlines),
                        options.root().resolve("relay"));
        ports = new PortForwarder(connection, sandboxes, relay, profile::facts);
        usage = new UsageReader(connection, profile::facts, sandboxes, options.root(), clock);
        disk = new PodDisk(connection, volumes);
        storage = new StorageUse(volumes, clock);
        logs =
                new LogKeeper(
                        connection,
                        containers,
                        new LogRotation(options.logMaxBytes(), options.logMaxFiles(), clock));
    }

    @Override
    public EngineInfo info() {
        return profile.info(volumes.root());
    }

    /** The network is the runtime's own, by its CNI configuration. */
    @Override
    public void ensureNetwork(NetworkSpec network) {}

    /** This process is on the host. */
    @Override
    public SandboxSpec.Dns hostDns() {
        try {
            return ResolvConf.ofHost(RESOLVER, RESOLVED);
        } catch (IOException e) {
            return SandboxSpec.Dns.HOST;
        }
    }

    @Override
    public AutoCloseable events(Consumer<EngineEvent> consumer) {
        EventFeed feed = new EventFeed(connection, containers, sandboxes, consumer).start();
        feeds.add(feed);
        return () -> {
            feeds.remove(feed);
            feed.close();
        };
    }

    @Override
    public String runPodSandbox(SandboxSpec spec) {
        return sandboxes.run(spec);
    }

    @Override
    public void stopPodSandbox(String sandboxId) {
        sandboxes.stop(sandboxId);
    }

    /** Containers first, one by one: their logs and binds go with them. */
    @Override
    public void removePodSandbox(String sandboxId) {
        sandboxes.stop(sandboxId);
        containers.ofSandbox(sandboxId).forEach(containers::remove);
        sandboxes.remove(sandboxId);
        ports.forget(sandboxId);
    }

    @Override
    public List<SandboxStatus> listPodSandboxes(Filter filter) {
        return sandboxes.list(filter);
    }

    @Override
    public String createContainer(ContainerSpec spec) {
        return containers.create(spec, sandboxes.handler(spec.sandbox()));
    }

    @Override
    public void startContainer(String containerId) {
        containers.start(containerId);
        logs.started(containerId);
    }

    @Override
    public void stopContainer(String containerId, Duration gracePeriod) {
        containers.stop(containerId, gracePeriod);
    }

    @Override
    public void removeContainer(String containerId) {
        containers.remove(containerId);
    }

    @Override
    public List<ContainerStatus> listContainers(Filter filter) {
        return containers.list(filter);
    }

    @Override
    public Optional<ContainerStatus> containerStatus(String containerId) {
        return containers.status(containerId);
    }

    @Override
    public void updateContainerResources(String containerId, Resources resources) {
        containers.update(containerId, resources);
    }

    @Override
    public void updateSandboxResources(
            String sandboxId, PodKey pod, Resources resources, Resources overhead, boolean raise) {
        cgroups.update(pod.uid(), resources, overhead, raise);
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
    }

    @Override
    public void ensureVolumes(Owner owner, PodKey pod, List<VolumeSpec> specs) {
        volumes.ensure(owner, pod, specs);
    }

    @Override
    public void publish(String sandboxId, PodKey pod, List<Publication> publications) {
        volumes.publish(pod, publications);
    }

    @Override
    public Optional<byte[]> readFile(
            String sandboxId, PodKey pod, String volume, String path, int limitBytes) {
        return volumes.read(pod, volume, path, limitBytes);
    }

    /** This process is on the host, as the runtime's pod directories are its own. */
    @Override
    public String hostsFile(String sandboxId) {
        try {
            return Files.readString(HOSTS);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public List<PodKey> listVolumes(Owner owner) {
        return volumes.list(owner);
    }

    @Override
    public void releaseVolumes(Owner owner, String sandboxId, PodKey pod, List<String> emptyDirs) {
        volumes.release(owner, pod);
    }

    @Override
    public void removeVolumes(Owner owner, PodKey pod) {
        volumes.remove(owner, pod);
        logs.remove(containers.logDirectory(pod));
        cgroups.removed(pod);
    }

    @Override
    public int exec(String containerId, List<String> command, ProcessIo io)
            throws IOException, InterruptedException {
        return processes.exec(containerId, command, io);
    }

    @Override
    public ExecResult execSync(
            String containerId, List<String> command, Duration timeout, int outputLimitBytes)
            throws InterruptedException {
        return processes.execSync(containerId, command, timeout, outputLimitBytes);
    }

    @Override
    public void attach(String containerId, ProcessIo io) throws IOException, InterruptedException {
        processes.attach(containerId, io);
    }

    @Override
    public void portForward(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        ports.forward(sandboxId, port, in, out);
    }

    @Override
    public boolean dial(String sandboxId, int port, Duration timeout) throws IOException {
        return ports.dial(sandboxId, port, timeout);
    }

    @Override
    public void logs(String containerId, LogRequest request, OutputStream out)
            throws IOException, InterruptedException {
        logs.copy(containerId, request, out);
    }

    @Override
    public EngineStats stats(Owner owner) {
        return usage.read(owner);
    }

    @Override
    public DiskUsage diskUsage(Owner owner, PodKey pod) {
        return disk.of(owner, pod, containers.logDirectory(pod));
    }

    @Override
    public PodStorage podStorage(
            Owner owner, String sandboxId, PodKey pod, List<VolumeSpec> specs) {
        return storage.of(pod, specs, containers.logDirectory(pod));
    }

    @Override
    public HostFigures hostFigures(Owner owner) {
        return usage.figures();
    }

    @Override
    public void close() {
        feeds.forEach(EventFeed::close);
        logs.close();
        connection.close();
    }
}
