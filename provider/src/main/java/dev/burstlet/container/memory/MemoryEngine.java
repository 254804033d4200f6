package dev.burstlet.container.memory;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerStatus;
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
import dev.burstlet.container.memory.Faults.Call;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.ProcessIo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client of a {@link MemoryHost}. */
public final class MemoryEngine implements ContainerEngine {
    private final MemoryHost host;
    private final Gate gate;
    private final PodCalls pods;
    private final StreamCalls streams;

    private MemoryEngine(MemoryHost host, EngineSettings settings) {
        this.host = host;
        this.gate = new Gate(host, settings);
        this.pods = new PodCalls(host);
        this.streams = new StreamCalls(host);
    }

    /** Connects to the host that the endpoint ({@code memory://NAME}) or else the name says. */
    public static MemoryEngine open(EngineSettings settings) {
        String endpoint = settings.endpoint().replaceFirst("^memory://", "");
        MemoryOptions options = MemoryOptions.of(settings.options());
        MemoryHost host = MemoryHost.named(endpoint.isEmpty() ? settings.name() : endpoint);
        host.configure(options);
        return new MemoryEngine(host, settings);
    }

    /** Connects to a host as it is, for tests. */
    public static MemoryEngine of(String hostName) {
        return open(
                new EngineSettings(
                        hostName,
                        "memory://" + hostName,
                        null,
                        false,
                        Duration.ofSeconds(30),
                        64,
                        Map.of()));
    }

    /** The machine behind it. */
    public MemoryHost host() {
        return host;
    }

    @Override
    public EngineInfo info() {
        gate.pass(Call.INFO);
        MemoryOptions options = host.options();
        Set<EngineInfo.Feature> features = EnumSet.allOf(EngineInfo.Feature.class);
        features.remove(EngineInfo.Feature.POD_NETWORK_ROUTED);
        return new EngineInfo(
                "memory",
                new HostDescription.SystemInfo(
                        "linux",
                        "amd64",
                        "6.18.0",
                        "Burstlet in memory",
                        "memory://1.0.0",
                        Integer.toHexString(host.name().hashCode()),
                        Integer.toHexString(host.name().hashCode()),
                        Long.toHexString(host.startedAt().toEpochMilli())),
                options.cpuMillis(),
                options.memoryBytes(),
                options.diskBytes(),
                options.diskBytes(),
                host.addresses().subnet(),
                List.of(
                        new HostDescription.RuntimeHandler("", true, true),
                        new HostDescription.RuntimeHandler("memory", true, true)),
                features);
    }

    @Override
    public void ensureNetwork(NetworkSpec network) {
        gate.pass(Call.ENSURE_NETWORK);
        @Nullable String subnet = network.subnet();
        if (subnet != null) {
            try {
                host.network(subnet);
            } catch (IllegalArgumentException e) {
                throw new BackendException(Reason.INVALID, "subnet: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public AutoCloseable events(Consumer<EngineEvent> consumer) {
        return host.events().subscribe(consumer);
    }

    @Override
    public String runPodSandbox(SandboxSpec spec) {
        gate.pass(Call.RUN_SANDBOX);
        return pods.runSandbox(spec);
    }

    @Override
    public void stopPodSandbox(String sandboxId) {
        gate.pass(Call.STOP_SANDBOX);
        @Nullable Sandbox sandbox = host.sandboxes().get(sandboxId);
        if (sandbox != null) {
            host.end(sandbox);
        }
    }

    @Override
    public void removePodSandbox(String sandboxId) {
        gate.pass(Call.REMOVE_SANDBOX);
        pods.removeSandbox(sandboxId);
    }

    @Override
    public List<SandboxStatus> listPodSandboxes(Filter filter) {
        gate.pass(Call.LIST_SANDBOXES);
        synchronized (host.lock()) {
            return host.records(filter).stream()
                    .flatMap(record -> record.sandboxes().stream())
                    .map(Sandbox::status)
                    .toList();
        }
    }

    @Override
    public String createContainer(ContainerSpec spec) {
        gate.pass(Call.CREATE_CONTAINER);
        return pods.createContainer(spec);
    }

    @Override
    public void startContainer(String containerId) {
        gate.pass(Call.START_CONTAINER);
        pods.startContainer(containerId);
    }

    @Override
    public void stopContainer(String containerId, Duration gracePeriod) {
        gate.pass(Call.STOP_CONTAINER);
        try {
            pods.stopContainer(containerId, gracePeriod);
        } catch (InterruptedException e) {
            throw Gate.givenUp();
        }
    }

    @Override
    public void removeContainer(String containerId) {
        gate.pass(Call.REMOVE_CONTAINER);
        pods.removeContainer(containerId);
    }

    @Override
    public List<ContainerStatus> listContainers(Filter filter) {
        gate.pass(Call.LIST_CONTAINERS);
        synchronized (host.lock()) {
            return host.records(filter).stream()
                    .flatMap(record -> record.containers().stream())
                    .map(MemoryContainer::status)
                    .toList();
        }
    }

    @Override
    public Optional<ContainerStatus> containerStatus(String containerId) {
        gate.pass(Call.CONTAINER_STATUS);
        return Optional.ofNullable(host.containers().get(containerId)).map(MemoryContainer::status);
    }

    @Override
    public void updateContainerResources(String containerId, Resources resources) {
        gate.pass(Call.UPDATE_RESOURCES);
        MemoryContainer container = host.container(containerId);
        if (container.ended()) {
            throw new BackendException(
                    Reason.CONFLICT, "container " + containerId + " is not running");
        }
        container.resources(resources);
        host.events().changed(container.spec().pod().uid());
    }

    @Override
    public void updateSandboxResources(
            String sandboxId, PodKey pod, Resources resources, Resources overhead, boolean raise) {
        Sandbox sandbox = host.sandboxes().get(sandboxId);
        if (sandbox != null) {
            sandbox.together(raise ? sandbox.together().raisedTo(resources) : resources);
        }
    }

    /** What the containers of a sandbox may have together; empty where there is none. */
    public Optional<Resources> sandboxResources(String sandboxId) {
        return Optional.ofNullable(host.sandboxes().get(sandboxId)).map(Sandbox::together);
    }

    @Override
    public Optional<ImageInfo> imageStatus(String reference) {
        gate.pass(Call.IMAGE_STATUS);
        if (!reference.startsWith("sha256:")) {
            ImageName _ = ImageName.parse(reference);
        }
        return host.images().find(reference).map(MemoryImage::info);
    }

    @Override
    public ImageInfo pullImage(PullRequest request) {
        gate.pass(Call.PULL_IMAGE);
        try {
            return host.images().pull(request);
        } catch (InterruptedException e) {
            throw Gate.givenUp();
        }
    }

    @Override
    public List<ImageInfo> listImages() {
        gate.pass(Call.LIST_IMAGES);
        return host.images().list();
    }

    @Override
    public void removeImage(String imageId) {
        gate.pass(Call.REMOVE_IMAGE);
        host.images()
                .find(imageId)
                .ifPresent(image -> {
                    String id = image.info().id();
                    boolean used =
                            host.containers().values().stream()
                                    .anyMatch(one -> one.image().info().id().equals(id));
                    if (used) {
                        throw new BackendException(Reason.CONFLICT, "image " + id + " is in use");
                    }
                    host.images().remove(id);
                });
    }

    @Override
    public void ensureVolumes(Owner owner, PodKey pod, List<VolumeSpec> volumes) {
        gate.pass(Call.ENSURE_VOLUMES);
        pods.ensureVolumes(owner, pod, volumes);
    }

    @Override
    public void publish(String sandboxId, PodKey pod, List<Publication> publications) {
        gate.pass(Call.PUBLISH);
        pods.publish(sandboxId, pod, publications);
    }

    @Override
    public Optional<byte[]> readFile(
            String sandboxId, PodKey pod, String volume, String path, int limitBytes) {
        gate.pass(Call.READ_FILE);
        return pods.readFile(sandboxId, pod, volume, path, limitBytes);
    }

    @Override
    public List<PodKey> listVolumes(Owner owner) {
        gate.pass(Call.LIST_VOLUMES);
        return pods.volumes(owner);
    }

    @Override
    public void releaseVolumes(Owner owner, String sandboxId, PodKey pod, List<String> emptyDirs) {
        pods.releaseVolumes(owner, pod);
    }

    @Override
    public void removeVolumes(Owner owner, PodKey pod) {
        gate.pass(Call.REMOVE_VOLUMES);
        pods.removeVolumes(owner, pod);
    }

    @Override
    public int exec(String containerId, List<String> command, ProcessIo io)
            throws IOException, InterruptedException {
        gate.enter(Call.EXEC);
        return streams.exec(containerId, command, io);
    }

    @Override
    public ExecResult execSync(
            String containerId, List<String> command, Duration timeout, int outputLimitBytes)
            throws InterruptedException {
        gate.enter(Call.EXEC);
        return streams.execSync(containerId, command, timeout, outputLimitBytes);
    }

    @Override
    public void attach(String containerId, ProcessIo io) throws InterruptedException {
        gate.enter(Call.ATTACH);
        streams.attach(containerId, io);
    }

    @Override
    public void portForward(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        gate.enter(Call.PORT_FORWARD);
        streams.portForward(sandboxId, port, in, out);
    }

    @Override
    public boolean dial(String sandboxId, int port, Duration timeout) throws InterruptedException {
        gate.enter(Call.PORT_FORWARD);
        return streams.service(sandboxId, port) != null;
    }

    @Override
    public void logs(String containerId, LogRequest request, OutputStream out)
            throws IOException, InterruptedException {
        gate.enter(Call.LOGS);
        new LogCopy(host.container(containerId).log(), request, out).run();
    }

    @Override
    public HostFigures hostFigures(Owner owner) {
        gate.pass(Call.STATS);
        return host.figures();
    }

    @Override
    public EngineStats stats(Owner owner) {
        gate.pass(Call.STATS);
        return new Statistics(host).of(owner);
    }

    @Override
    public PodStorage podStorage(
            Owner owner, String sandboxId, PodKey pod, List<VolumeSpec> volumes) {
        gate.pass(Call.STATS);
        return new Statistics(host).storage(new Filter(owner, pod.uid()), volumes);
    }

    @Override
    public void close() {
        gate.close();
    }
}
