package dev.burstlet.docker.volume;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Mount;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import dev.burstlet.container.Publication;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.docker.image.PauseImage;
import dev.burstlet.docker.tool.LeftTools;
import dev.burstlet.docker.tool.SandboxTool;
import dev.burstlet.docker.tool.ToolContainer;
import dev.burstlet.docker.tool.ToolResult;
import dev.burstlet.docker.wire.EngineErrors;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes of pods on one Docker Engine. Safe for use by many threads. Order: {@link #ensure};
 * the sandbox, run with {@link #sandboxMounts} and the arguments {@link #sandboxArguments}; {@link
 * #publish}; containers created with {@link #containerMounts} and started inside of {@link #pin}.
 */
public final class DockerVolumes {
    private static final Duration MOST_REMOVAL_WAIT = Duration.ofSeconds(10);
    private static final int NOTHING_THERE = 2;
    private static final int SETGID = 02000;

    /** The delay, in milliseconds, after which a count of mounts is not just late. */
    private static final long LEAST_MISCOUNT_WAIT = 500;

    private static final Logger LOG = LoggerFactory.getLogger(DockerVolumes.class);

    private final DockerClient docker;
    private final SandboxTool tool;
    private final Supplier<VolumeFeatures> features;
    private final HostPaths hostPaths;
    private final SubPaths subPaths;

    /** Volumes that are in nobody's use and that the engine counts mounts of all the same. */
    private final Set<String> stuck = ConcurrentHashMap.newKeySet();

    public DockerVolumes(DockerClient docker, SandboxTool tool, Supplier<VolumeFeatures> features) {
        this.docker = docker;
        this.tool = tool;
        this.features = features;
        this.hostPaths = new HostPaths(docker, tool);
        this.subPaths = new SubPaths(docker, tool);
    }

    /** As {@link dev.burstlet.container.ContainerEngine#ensureVolumes}. */
    public void ensure(Owner owner, PodKey pod, List<VolumeSpec> volumes) {
        VolumeNames names = new VolumeNames(owner, pod, 0);
        hostPaths.check(volumes);
        for (VolumeSpec volume : volumes) {
            String name = names.of(volume);
            switch (volume.source()) {
                // What is in RAM is made with the sandbox that holds it.
                case Source.Files _, Source.ScratchMemory _, Source.HostPath _ -> {}
                case Source.Scratch _ -> create(names, name, volume.name(), Map.of());
                case Source.Nfs nfs -> create(names, name, volume.name(), LocalDriver.nfs(nfs));
                case Source.Named named -> createNamed(named);
                case Source.Image _ -> throw noImageVolumes(volume);
            }
        }
    }

    static BackendException noImageVolumes(VolumeSpec volume) {
        return new BackendException(
                Reason.UNSUPPORTED, "volumes[" + volume.name() + "].image: not on a Docker Engine");
    }

    /** The mounts by which a sandbox holds its pod's volumes. */
    public List<Mount> sandboxMounts(
            Owner owner, PodKey pod, int attempt, List<VolumeSpec> volumes) {
        VolumeNames names = new VolumeNames(owner, pod, attempt);
        List<Mount> mounts = new ArrayList<>();
        if (!volumes.isEmpty()) {
            // Holds what is published, the sign that the volumes are prepared, and mount points.
            mounts.add(
                    EngineMounts.tmpfs(
                            names.files(), names.labels(""), "mode=0755", PauseImage.VOLUMES));
        }
        for (VolumeSpec volume : volumes) {
            String target = PauseImage.VOLUMES + "/" + volume.name();
            switch (volume.source()) {
                case Source.Files _ -> {}
                case Source.HostPath host -> {
                    if (volume.fsGroup() != null) {
                        mounts.add(EngineMounts.hostPath(host.path(), target));
                    }
                }
                case Source.Image _ -> throw noImageVolumes(volume);
                case Source.Nfs nfs ->
                        mounts.add(EngineMounts.volume(names.of(volume), target, nfs.readOnly()));
                case Source.ScratchMemory memory ->
                        mounts.add(
                                EngineMounts.tmpfs(
                                        names.of(volume),
                                        names.labels(volume.name()),
                                        LocalDriver.memory(volume, memory),
                                        target));
                case Source.Scratch _, Source.Named _ ->
                        mounts.add(EngineMounts.volume(names.of(volume), target, false));
            }
        }
        return List.copyOf(mounts);
    }

    /**
     * The arguments of the sandbox's program: it gives the volumes their modes and groups before
     * anything is published, at the cost of no call.
     */
    public List<String> sandboxArguments(List<VolumeSpec> volumes) {
        List<String> arguments = new ArrayList<>();
        for (VolumeSpec volume : volumes) {
            Long group = volume.fsGroup();
            switch (volume.source()) {
                case Source.Files files -> addDirectory(arguments, files.mode(), volume);
                case Source.Scratch _ -> addDirectory(arguments, 0777, volume);
                case Source.Named _, Source.HostPath _ -> {
                    if (group != null) {
                        arguments.add(volume.fsGroupOnRootMismatch() ? "-m" : "-g");
                        arguments.add(group + ":" + volume.name());
                    }
                }
                // Memory has it as mount options; the others are not the pod's to change.
                case Source.ScratchMemory _, Source.Nfs _, Source.Image _ -> {}
            }
        }
        // With no argument at all the program would do the same, but say so to a reader.
        return arguments.isEmpty() ? List.of("-") : List.copyOf(arguments);
    }

    private static void addDirectory(List<String> arguments, int mode, VolumeSpec volume) {
        Long group = volume.fsGroup();
        arguments.add("-d");
        arguments.add(
                group == null
                        ? "%o:0:0:%s".formatted(mode, volume.name())
                        : "%o:0:%d:%s".formatted(mode | SETGID, group, volume.name()));
    }

    /**
     * The mounts of a container whose sandbox runs.
     *
     * @throws BackendException INVALID where a subPath leads out of its volume, UNSUPPORTED
     */
    public List<Mount> containerMounts(ContainerSpec spec) {
        return new ContainerMounts(subPaths, features.get(), spec).mounts();
    }

    /**
     * Holds the parts of volumes that a created container mounts, once they are seen to be what was
     * asked for; the container is started before the returned handle is closed. Costs one look at
     * the container; only where it has such parts (subPath on an engine below API 1.45) a
     * short-lived container more.
     *
     * @throws BackendException CONFLICT where a part has been replaced since
     */
    public Pin pin(String containerId) {
        if (features.get().subpath()) {
            return () -> {};
        }
        List<String> pins = pinsOf(containerId);
        if (pins.isEmpty()) {
            return () -> {};
        }
        List<Mount> mounts = new ArrayList<>();
        List<String> arguments = new ArrayList<>(List.of("same"));
        for (int i = 0; i < pins.size(); i++) {
            String pin = pins.get(i);
            InspectVolumeResponse volume =
                    EngineErrors.call("volume " + pin, () -> docker.inspectVolumeCmd(pin).exec());
            String whole = volume.getLabels().getOrDefault(VolumeNames.PIN_OF, "");
            mounts.add(EngineMounts.volume(whole, PauseImage.VOLUMES + "/whole" + i, true));
            mounts.add(EngineMounts.volume(pin, PauseImage.VOLUMES + "/pin" + i, true));
            arguments.add("whole" + i);
            arguments.add(volume.getLabels().getOrDefault(VolumeNames.PIN_PATH, ""));
            arguments.add("pin" + i);
        }
        ToolContainer holder = ToolContainer.start(docker, new ToolContainer.View(mounts, false));
        try {
            ToolResult result = tool.run(holder.id(), arguments, null, 1024);
            if (result.exitCode() != 0) {
                throw new BackendException(
                        Reason.CONFLICT, "failed to prepare subPath: " + result.failure());
            }
            return holder::close;
        } catch (RuntimeException e) {
            holder.close();
            throw e;
        }
    }

    /** What is held until it is closed. */
    public interface Pin extends AutoCloseable {
        @Override
        void close();
    }

    private List<String> pinsOf(String containerId) {
        InspectContainerResponse container =
                EngineErrors.call(
                        "container " + containerId,
                        () -> docker.inspectContainerCmd(containerId).exec());
        List<InspectContainerResponse.Mount> mounts = container.getMounts();
        return mounts == null
                ? List.of()
                : mounts.stream()
                        .map(InspectContainerResponse.Mount::getName)
                        .filter(name -> name != null && VolumeNames.isPin(name))
                        .toList();
    }

    /** As {@link dev.burstlet.container.ContainerEngine#publish}: one exec for all of them. */
    public void publish(String sandboxId, PodKey pod, List<Publication> publications) {
        if (publications.isEmpty()) {
            return;
        }
        ToolResult result =
                tool.run(sandboxId, List.of("put"), PublicationStream.of(publications), 1024);
        if (result.exitCode() != 0) {
            throw new BackendException(
                    Reason.ENGINE, "volumes of " + pod + ": " + result.failure());
        }
    }

    /** As {@link dev.burstlet.container.ContainerEngine#readFile}. */
    public Optional<byte[]> readFile(
            String sandboxId, PodKey pod, String volume, String path, int limitBytes) {
        ToolResult result;
        try {
            result =
                    tool.run(
                            sandboxId,
                            List.of("cat", volume, path, Integer.toString(limitBytes)),
                            null,
                            limitBytes);
        } catch (BackendException e) {
            // Without a running sandbox, what was in RAM is gone.
            if (e.reason() == Reason.NOT_FOUND || e.reason() == Reason.CONFLICT) {
                return Optional.empty();
            }
            throw e;
        }
        return switch (result.exitCode()) {
            case 0 -> Optional.of(result.stdout().bytes());
            case NOTHING_THERE -> Optional.empty();
            default ->
                    throw new BackendException(
                            Reason.INVALID, "volume of " + pod + ": " + result.failure());
        };
    }

    /** As {@link dev.burstlet.container.ContainerEngine#listVolumes}. */
    public List<PodKey> list(Owner owner) {
        return volumes(ownerLabels(owner)).stream()
                .filter(volume -> !stuck.contains(volume.getName()))
                .map(InspectVolumeResponse::getLabels)
                .filter(labels -> labels != null)
                .flatMap(labels -> Labels.podKey(labels).stream())
                .distinct()
                .toList();
    }

    /**
     * As {@link dev.burstlet.container.ContainerEngine#removeVolumes}; waits a while for those that
     * an ending container still uses. One that the engine will not give up before it is restarted
     * again, empty as it is, is left to that time.
     */
    public void remove(Owner owner, PodKey pod) {
        Map<String, String> labels = ownerLabels(owner);
        labels.put(Labels.POD_UID, pod.uid());
        long end = System.nanoTime() + MOST_REMOVAL_WAIT.toNanos();
        for (InspectVolumeResponse volume : volumes(labels)) {
            remove(volume.getName(), end);
        }
    }

    private void remove(String name, long end) {
        for (long delay = 20; ; delay = Math.min(delay * 2, 1000)) {
            try {
                docker.removeVolumeCmd(name).exec();
                return;
            } catch (NotFoundException e) {
                return;
            } catch (RuntimeException e) {
                BackendException failure = EngineErrors.of("volume " + name, e);
                boolean busy =
                        failure.reason() == Reason.CONFLICT || failure.reason() == Reason.ENGINE;
                if (delay > LEAST_MISCOUNT_WAIT && miscounted(failure)) {
                    LOG.warn("Left until the engine is restarted, empty: {}", failure.getMessage());
                    stuck.add(name);
                    return;
                }
                if (!busy || System.nanoTime() > end) {
                    throw failure;
                }
            }
            LeftTools.removeUsersOf(docker, name);
            try {
                Thread.sleep(delay);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BackendException(Reason.TIMEOUT, "volume " + name + ": interrupted", e);
            }
        }
    }

    /** Of a volume that a container uses the engine says so, and by which. */
    private static boolean miscounted(BackendException failure) {
        return String.valueOf(failure.getMessage()).contains("volume has active mounts");
    }

    /** The engine may have been restarted: what could not be removed may be now. */
    public void reconnected() {
        stuck.clear();
    }

    private static Map<String, String> ownerLabels(Owner owner) {
        Map<String, String> labels = new HashMap<>();
        labels.put(Labels.CLUSTER, owner.cluster());
        labels.put(Labels.NODE, owner.node());
        labels.put(Labels.KIND, "volume");
        return labels;
    }

    private List<InspectVolumeResponse> volumes(Map<String, String> labels) {
        List<String> filter =
                labels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
        return EngineErrors.call(
                "volumes",
                () -> {
                    var found = docker.listVolumesCmd().withFilter("label", filter).exec();
                    List<InspectVolumeResponse> volumes = found.getVolumes();
                    return volumes == null ? List.of() : volumes;
                });
    }

    private void create(
            VolumeNames names, String name, String volume, Map<String, String> options) {
        EngineErrors.call(
                "volume " + volume,
                () ->
                        docker.createVolumeCmd()
                                .withName(name)
                                .withDriver("local")
                                .withLabels(names.labels(volume))
                                .withDriverOpts(options)
                                .exec());
    }

    /** Not labelled as a pod's: it outlives the pod, and nothing of ours removes it. */
    private void createNamed(Source.Named named) {
        EngineErrors.call(
                "volume " + named.name(),
                () ->
                        docker.createVolumeCmd()
                                .withName(named.name())
                                .withDriver(named.driver().isEmpty() ? "local" : named.driver())
                                .withDriverOpts(named.options())
                                .exec());
    }

    /** What a sandbox could not be run for: a mount that failed is told of its volume. */
    public BackendException mountFailure(
            Owner owner, PodKey pod, List<VolumeSpec> volumes, BackendException failure) {
        String words = String.valueOf(failure.getMessage());
        int mount = words.indexOf("failed to mount local volume: ");
        VolumeNames names = new VolumeNames(owner, pod, 0);
        return volumes.stream()
                .filter(volume -> mount >= 0 && volume.source() instanceof Source.Nfs)
                .filter(volume -> words.contains("/" + names.of(volume) + "/"))
                .findFirst()
                .map(volume -> volume.failed(failure.reason(), words.substring(mount)))
                .orElse(failure);
    }
}
