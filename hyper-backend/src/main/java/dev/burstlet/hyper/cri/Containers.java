package dev.burstlet.hyper.cri;

import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Resources;
import dev.burstlet.hyper.log.ContainerLogs;
import dev.burstlet.hyper.proto.containerd.KillRequest;
import dev.burstlet.hyper.proto.cri.Container;
import dev.burstlet.hyper.proto.cri.ContainerFilter;
import dev.burstlet.hyper.proto.cri.ContainerState;
import dev.burstlet.hyper.proto.cri.ContainerStatus;
import dev.burstlet.hyper.proto.cri.ContainerStatusRequest;
import dev.burstlet.hyper.proto.cri.CreateContainerRequest;
import dev.burstlet.hyper.proto.cri.ListContainersRequest;
import dev.burstlet.hyper.proto.cri.RemoveContainerRequest;
import dev.burstlet.hyper.proto.cri.StartContainerRequest;
import dev.burstlet.hyper.proto.cri.StopContainerRequest;
import dev.burstlet.hyper.proto.cri.UpdateContainerResourcesRequest;
import dev.burstlet.hyper.volume.VolumeTree;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The containers of a runtime. */
public final class Containers {
    private static final Duration POLL = Duration.ofMillis(50);

    private final CriConnection connection;
    private final Supplier<RuntimeFacts> facts;
    private final Sandboxes sandboxes;
    private final Images images;
    private final Translation translation;
    private final Deadlines deadlines;
    private final VolumeTree volumes;
    private final ContainerConfigs configs;
    private final ContainerStatuses statuses = new ContainerStatuses();
    private final KeyedLock locks = new KeyedLock();
    private final Map<String, Path> runningLogs = new ConcurrentHashMap<>();

    /** What this process has made and not started yet, with its log. */
    private final Map<String, Path> made = new ConcurrentHashMap<>();

    private final SeenStatuses seen = new SeenStatuses();

    public Containers(
            CriConnection connection,
            Supplier<RuntimeFacts> facts,
            Sandboxes sandboxes,
            Images images,
            Translation translation,
            Deadlines deadlines,
            VolumeTree volumes) {
        this.connection = connection;
        this.facts = facts;
        this.sandboxes = sandboxes;
        this.images = images;
        this.translation = translation;
        this.deadlines = deadlines;
        this.volumes = volumes;
        this.configs = new ContainerConfigs(translation, volumes);
    }

    public String create(ContainerSpec spec, String handler) {
        return locks.with(
                "create container " + spec.name() + " of " + spec.pod(),
                () -> createAlone(spec, handler));
    }

    /** Only where the runtime says that it has one of this identity is looked for that. */
    private String createAlone(ContainerSpec spec, String handler) {
        if (spec.targetContainerId() != null && facts.get().isolated(handler)) {
            throw new BackendException(
                    Reason.UNSUPPORTED,
                    "ephemeralContainers.targetContainerName: runtime handler \""
                            + handler
                            + "\" cannot join another container's processes");
        }
        try {
            return make(spec, handler);
        } catch (BackendException e) {
            if (e.reason() != Reason.CONFLICT) {
                throw e;
            }
        }
        for (Container container : items(new Filter(spec.owner(), spec.pod().uid()))) {
            if (container.getMetadata().getName().equals(spec.name())
                    && Labels.attempt(container.getLabelsMap()) == spec.attempt()) {
                if (container.getPodSandboxId().equals(spec.sandboxId())) {
                    return container.getId();
                }
                // Of a sandbox that is gone: the name is free again once it is removed.
                remove(container.getId());
            }
        }
        return make(spec, handler);
    }

    private String make(ContainerSpec spec, String handler) {
        String imageUser = spec.security().user() == null ? images.user(spec.imageId()) : "";
        CreateContainerRequest request =
                CreateContainerRequest.newBuilder()
                        .setPodSandboxId(spec.sandboxId())
                        .setConfig(configs.config(spec, facts.get(), imageUser))
                        .setSandboxConfig(
                                translation.sandbox(
                                        spec.sandbox(), sandboxes.cgroup(spec.sandbox())))
                        .build();
        String what = "create container " + spec.name() + " of " + spec.pod();
        String id;
        try {
            id =
                    connection
                            .lifecycle(
                                    what,
                                    deadlines.start(facts.get().isolated(handler)),
                                    stub -> stub.createContainer(request))
                            .getContainerId();
        } catch (BackendException e) {
            throw CriErrors.bare(e, what);
        }
        made.put(id, logDirectory(spec.pod()).resolve(ContainerConfigs.logPath(spec)));
        return id;
    }

    public void start(String id) {
        @Nullable Path log = made.remove(id);
        if (log == null && wasStarted(id)) {
            return;
        }
        String what = "start container " + id;
        try {
            var _ =
                    connection.lifecycle(
                            what,
                            deadlines.machineStart(),
                            stub ->
                                    stub.startContainer(
                                            StartContainerRequest.newBuilder()
                                                    .setContainerId(id)
                                                    .build()));
        } catch (BackendException e) {
            throw failedStart(id, CriErrors.bare(e, what));
        }
        if (log != null) {
            runningLogs.put(id, log);
        }
    }

    private boolean wasStarted(String id) {
        ContainerStatus status =
                wire(id).orElseThrow(
                                () -> new BackendException(Reason.NOT_FOUND, "no container " + id));
        return status.getState() != ContainerState.CONTAINER_CREATED;
    }

    /** The runtime leaves a container that could not be started ended, with reason StartError. */
    private BackendException failedStart(String id, BackendException e) {
        if (e.reason() == Reason.UNAVAILABLE || e.reason() == Reason.TIMEOUT) {
            return e;
        }
        Optional<ContainerStatus> after = wire(id);
        boolean ended =
                after.isPresent() && after.get().getState() == ContainerState.CONTAINER_EXITED;
        return ended
                ? new BackendException(Reason.CANNOT_RUN, String.valueOf(e.getMessage()), e)
                : e;
    }

    public void stop(String id, Duration gracePeriod) {
        Optional<ContainerStatus> status = wire(id);
        if (status.isEmpty() || !running(status.get())) {
            return;
        }
        String signal = status.get().getAnnotationsOrDefault(ContainerConfigs.STOP_SIGNAL, "");
        Duration left = gracePeriod;
        if (!signal.isEmpty() && gracePeriod.isPositive()) {
            signal(id, StopSignals.number(signal));
            if (endsWithin(id, gracePeriod)) {
                return;
            }
            left = Duration.ZERO;
        }
        long seconds = left.plusNanos(999_999_999).toSeconds();
        Sandboxes.goneIsFine(() ->
                connection.runtime(
                        "stop container " + id,
                        deadlines.stop(gracePeriod),
                        stub ->
                                stub.stopContainer(
                                        StopContainerRequest.newBuilder()
                                                .setContainerId(id)
                                                .setTimeout(seconds)
                                                .build())));
    }

    private void signal(String id, int number) {
        Sandboxes.goneIsFine(() ->
                connection.tasks(
                        "signal container " + id,
                        stub ->
                                stub.kill(
                                        KillRequest.newBuilder()
                                                .setContainerId(id)
                                                .setSignal(number)
                                                .build())));
    }

    private boolean endsWithin(String id, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Optional<ContainerStatus> status = wire(id);
            if (status.isEmpty() || !running(status.get())) {
                return true;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                throw CriErrors.interrupted("stop container " + id, e);
            }
        }
        return false;
    }

    private static boolean running(ContainerStatus status) {
        return status.getState() == ContainerState.CONTAINER_RUNNING
                || status.getState() == ContainerState.CONTAINER_UNKNOWN;
    }

    /** With its log and the binds of its subPaths. */
    public void remove(String id) {
        Optional<ContainerStatus> status = wire(id);
        if (status.isEmpty()) {
            return;
        }
        stop(id, Duration.ZERO);
        Sandboxes.goneIsFine(() ->
                connection.lifecycle(
                        "remove container " + id,
                        deadlines.stop(Duration.ZERO),
                        stub ->
                                stub.removeContainer(
                                        RemoveContainerRequest.newBuilder()
                                                .setContainerId(id)
                                                .build())));
        runningLogs.remove(id);
        made.remove(id);
        seen.forget(id);
        statuses.forget(id);
        cleanUp(status.get());
    }

    private void cleanUp(ContainerStatus status) {
        Labels.podKey(status.getLabelsMap())
                .ifPresent(pod ->
                        volumes.releaseSubPaths(
                                pod,
                                status.getMetadata().getName()
                                        + "-"
                                        + Labels.attempt(status.getLabelsMap())));
        if (!status.getLogPath().isEmpty()) {
            try {
                ContainerLogs.remove(Path.of(status.getLogPath()));
            } catch (IOException e) {
                throw new BackendException(Reason.ENGINE, "log: " + e.getMessage(), e);
            }
        }
    }

    public List<dev.burstlet.container.ContainerStatus> list(Filter filter) {
        List<dev.burstlet.container.ContainerStatus> found = new ArrayList<>();
        List<Container> items = items(filter);
        for (Container container : items) {
            seen.of(container)
                    .or(() -> looked(container.getId()))
                    .flatMap(status -> statuses.read(status, container.getPodSandboxId()))
                    .ifPresent(found::add);
        }
        if (filter.podUid() == null) {
            seen.keep(items);
        }
        return found;
    }

    private Optional<ContainerStatus> looked(String id) {
        Optional<ContainerStatus> wire = wire(id);
        wire.ifPresent(status -> {
            noteLog(status);
            seen.note(status);
        });
        return wire;
    }

    public Optional<dev.burstlet.container.ContainerStatus> status(String id) {
        ContainerFilter filter = ContainerFilter.newBuilder().setId(id).build();
        return items(filter).stream()
                .filter(container -> container.getId().equals(id))
                .findFirst()
                .flatMap(container -> status(id, container.getPodSandboxId()));
    }

    private Optional<dev.burstlet.container.ContainerStatus> status(String id, String sandbox) {
        return looked(id).flatMap(status -> statuses.read(status, sandbox));
    }

    private void noteLog(ContainerStatus status) {
        if (status.getState() == ContainerState.CONTAINER_RUNNING
                && !status.getLogPath().isEmpty()) {
            runningLogs.put(status.getId(), Path.of(status.getLogPath()));
        } else {
            runningLogs.remove(status.getId());
        }
    }

    /** Notes where a container that was started just now writes its log. */
    public void watchLog(String id) {
        if (!runningLogs.containsKey(id)) {
            wire(id).ifPresent(this::noteLog);
        }
    }

    /** The logs that are being written, by container: what was running when last looked at. */
    public Map<String, Path> runningLogs() {
        return Map.copyOf(runningLogs);
    }

    /** As the runtime has it. */
    public Optional<ContainerStatus> wire(String id) {
        try {
            return Optional.of(
                    connection
                            .runtime(
                                    "status of container " + id,
                                    stub ->
                                            stub.containerStatus(
                                                    ContainerStatusRequest.newBuilder()
                                                            .setContainerId(id)
                                                            .build()))
                            .getStatus());
        } catch (BackendException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The ids of a sandbox's containers, whoever made them. */
    public List<String> ofSandbox(String sandboxId) {
        ContainerFilter filter = ContainerFilter.newBuilder().setPodSandboxId(sandboxId).build();
        return items(filter).stream().map(Container::getId).toList();
    }

    /** Where a pod's logs are. */
    public Path logDirectory(PodKey pod) {
        return translation.logDirectory(pod);
    }

    public List<Container> items(Filter filter) {
        return items(
                ContainerFilter.newBuilder()
                        .putAllLabelSelector(Sandboxes.selector(filter))
                        .build());
    }

    private List<Container> items(ContainerFilter filter) {
        return connection
                .runtime(
                        "list containers",
                        stub ->
                                stub.listContainers(
                                        ListContainersRequest.newBuilder()
                                                .setFilter(filter)
                                                .build()))
                .getContainersList();
    }

    public void update(String id, Resources resources) {
        connection.runtime(
                "update container " + id,
                stub ->
                        stub.updateContainerResources(
                                UpdateContainerResourcesRequest.newBuilder()
                                        .setContainerId(id)
                                        .setLinux(Translation.resources(resources))
                                        .build()));
        seen.forget(id);
        statuses.updated(id, resources);
    }
}
