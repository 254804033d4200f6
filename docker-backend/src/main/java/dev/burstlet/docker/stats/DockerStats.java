package dev.burstlet.docker.stats;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import dev.burstlet.container.EngineStats;
import dev.burstlet.container.EngineStats.ContainerUsage;
import dev.burstlet.container.EngineStats.SandboxUsage;
import dev.burstlet.container.HostFigures;
import dev.burstlet.container.HostFigures.Amount;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import dev.burstlet.docker.tool.SandboxTool;
import dev.burstlet.docker.tool.ToolContainer;
import dev.burstlet.docker.wire.Deadline;
import dev.burstlet.docker.wire.EngineConnection;
import dev.burstlet.docker.wire.EngineDialer;
import dev.burstlet.docker.wire.EngineErrors;
import dev.burstlet.docker.wire.Wire;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.HostStats.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Usage of one engine's containers and host. Safe for use by many threads.
 *
 * <p>A one-shot look at a container costs the engine below 23.0.7 a second of waiting, though
 * little work, so all containers are asked at once, each over a connection of its own, and what was
 * read serves for three seconds. A stream per container would cost the engine a reading every
 * second whether or not anybody asks.
 */
public final class DockerStats {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FRESH = Duration.ofSeconds(3);
    private static final int MOST_AT_ONCE = 128;
    private static final int MOST_HOST_BYTES = 1 << 20;

    private final DockerClient docker;
    private final EngineDialer dialer;
    private final SandboxTool tool;
    private final InstantSource clock;
    private final Supplier<@Nullable Path> localRoot;
    private final RootfsUsage rootfs;
    private final Rates rates = new Rates();
    private final Semaphore atOnce = new Semaphore(MOST_AT_ONCE);
    private final Map<Owner, Snapshot> snapshots = new ConcurrentHashMap<>();
    private volatile long hostMemory;

    private record Snapshot(Instant time, EngineStats stats) {}

    /**
     * @param localRoot the engine's own directory where it is this machine's, else null
     */
    public DockerStats(
            DockerClient docker,
            EngineDialer dialer,
            SandboxTool tool,
            InstantSource clock,
            Supplier<@Nullable Path> localRoot) {
        this.docker = docker;
        this.dialer = dialer;
        this.tool = tool;
        this.clock = clock;
        this.localRoot = localRoot;
        this.rootfs = new RootfsUsage(docker, clock);
    }

    /** As {@link dev.burstlet.container.ContainerEngine#stats}. */
    public synchronized EngineStats stats(Owner owner) {
        Snapshot last = snapshots.get(owner);
        if (last != null && clock.instant().isBefore(last.time().plus(FRESH))) {
            return last.stats();
        }
        List<Container> running = running(owner);
        Map<String, StatsReading> readings = readAll(running);
        EngineStats stats = assemble(running, readings, host(running));
        snapshots.put(owner, new Snapshot(clock.instant(), stats));
        return stats;
    }

    private List<Container> running(Owner owner) {
        Map<String, String> labels =
                Map.of(Labels.CLUSTER, owner.cluster(), Labels.NODE, owner.node());
        return EngineErrors.call(
                "containers",
                () ->
                        docker.listContainersCmd()
                                .withLabelFilter(labels)
                                .withStatusFilter(List.of("running"))
                                .exec());
    }

    // The checker loses @Nullable of nested types in compact constructors of other modules.
    @SuppressWarnings("NullAway")
    private EngineStats assemble(
            List<Container> running,
            Map<String, StatsReading> readings,
            @Nullable HostReading host) {
        List<ContainerUsage> containers = new ArrayList<>();
        Map<String, SandboxUsage> sandboxes = new HashMap<>();
        Set<String> containerIds = new HashSet<>();
        for (Container container : running) {
            StatsReading reading = readings.get(container.getId());
            if (reading == null) {
                continue;
            }
            if (isSandbox(container)) {
                sandboxes.put(container.getId(), new SandboxUsage(null, reading.network()));
            } else {
                containerIds.add(container.getId());
                containers.add(usage(container.getId(), reading));
            }
        }
        rootfs.refresh(containerIds);
        Filesystem disk = host == null ? null : host.filesystem();
        return new EngineStats(
                hostUsage(host),
                localRoot.get() == null ? null : HostNetwork.read(clock.instant()),
                disk,
                disk,
                host == null ? null : host.maxProcesses(),
                containers,
                sandboxes);
    }

    private static boolean isSandbox(Container container) {
        return "sandbox".equals(container.getLabels().get(Labels.KIND));
    }

    private ContainerUsage usage(String id, StatsReading reading) {
        Long rate = rates.next(id, reading.time(), reading.cpuNanoSeconds());
        return new ContainerUsage(
                id, reading.usage(rate, hostMemory()), rootfs.of(id), reading.details());
    }

    private Usage hostUsage(@Nullable HostReading host) {
        if (host == null) {
            return new Usage(
                    clock.instant(), null, null, null, null, null, null, null, null, null, null);
        }
        return host.usage(rates.next("", host.time(), host.cpuNanoSeconds()));
    }

    private long hostMemory() {
        if (hostMemory == 0) {
            Long total = EngineErrors.call("info", () -> docker.infoCmd().exec().getMemTotal());
            hostMemory = total == null ? Long.MAX_VALUE : total;
        }
        return hostMemory;
    }

    // ---- the host -------------------------------------------------------------------------------

    /** Read in any sandbox that runs, else in a container made for it; null where neither can. */
    private @Nullable HostReading host(List<Container> running) {
        Optional<String> sandbox =
                running.stream().filter(DockerStats::isSandbox).map(Container::getId).findFirst();
        try {
            if (sandbox.isPresent()) {
                return host(sandbox.get());
            }
            try (ToolContainer container =
                    ToolContainer.start(docker, new ToolContainer.View(List.of(), false))) {
                return host(container.id());
            }
        } catch (BackendException e) {
            if (e.reason() == Reason.UNAVAILABLE || e.reason() == Reason.TIMEOUT) {
                throw e;
            }
            return null;
        }
    }

    /**
     * How much the host has left, read in any sandbox that runs; nothing is known without one, as
     * making one every few seconds would cost more than it is worth.
     */
    public HostFigures figures(Owner owner) {
        Optional<String> sandbox =
                running(owner).stream()
                        .filter(DockerStats::isSandbox)
                        .map(Container::getId)
                        .findFirst();
        return sandbox.map(id -> host(id).figures()).orElse(HostFigures.UNKNOWN);
    }

    /** The file system that containers and images are on, read in a container made for it. */
    @Nullable Amount disk() {
        @Nullable HostReading host = host(List.of());
        return host == null ? null : host.figures().nodefs();
    }

    private HostReading host(String containerId) {
        return new HostReading(
                clock.instant(),
                tool.run(containerId, List.of("host"), null, MOST_HOST_BYTES).lines());
    }

    // ---- containers -----------------------------------------------------------------------------

    private Map<String, StatsReading> readAll(List<Container> containers) {
        Map<String, StatsReading> readings = new ConcurrentHashMap<>();
        List<Thread> readers = new ArrayList<>();
        for (Container container : containers) {
            readers.add(
                    Thread.ofVirtual()
                            .name("stats " + container.getId())
                            .start(() -> read(container.getId(), readings)));
        }
        try {
            for (Thread reader : readers) {
                reader.join();
            }
        } catch (InterruptedException e) {
            readers.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
            throw new BackendException(Reason.TIMEOUT, "stats: interrupted", e);
        }
        return readings;
    }

    /** A container that ends meanwhile is left out. */
    private void read(String id, Map<String, StatsReading> readings) {
        String what = "stats of " + id;
        try {
            atOnce.acquire();
            try (EngineConnection connection = dialer.open();
                    Deadline deadline = Deadline.of(connection, dialer.callTimeout())) {
                StatsReading reading =
                        Wire.use(
                                what,
                                deadline,
                                () -> {
                                    var answer =
                                            connection.get(
                                                    "/containers/%s/stats?stream=0&one-shot=1"
                                                            .formatted(id));
                                    if (!answer.isSuccess()) {
                                        throw EngineErrors.of(what, answer);
                                    }
                                    return new StatsReading(JSON.readTree(answer.body()));
                                });
                if (reading.present()) {
                    readings.put(id, reading);
                }
            } finally {
                atOnce.release();
            }
        } catch (BackendException e) {
            // Not there any more, or not answering: what is not known is left out.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
