package dev.burstlet.hyper.stats;

import dev.burstlet.container.EngineStats;
import dev.burstlet.container.Filter;
import dev.burstlet.container.HostFigures;
import dev.burstlet.container.HostFigures.Amount;
import dev.burstlet.container.Owner;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.Handler;
import dev.burstlet.hyper.cri.RuntimeFacts;
import dev.burstlet.hyper.cri.Sandboxes;
import dev.burstlet.hyper.cri.Times;
import dev.burstlet.hyper.host.HostFacts;
import dev.burstlet.hyper.proto.cri.Container;
import dev.burstlet.hyper.proto.cri.ContainerFilter;
import dev.burstlet.hyper.proto.cri.ContainerState;
import dev.burstlet.hyper.proto.cri.ContainerStateValue;
import dev.burstlet.hyper.proto.cri.ContainerStats;
import dev.burstlet.hyper.proto.cri.ContainerStatsFilter;
import dev.burstlet.hyper.proto.cri.CpuUsage;
import dev.burstlet.hyper.proto.cri.FilesystemUsage;
import dev.burstlet.hyper.proto.cri.ImageFsInfoRequest;
import dev.burstlet.hyper.proto.cri.LinuxPodSandboxStats;
import dev.burstlet.hyper.proto.cri.ListContainerStatsRequest;
import dev.burstlet.hyper.proto.cri.ListContainersRequest;
import dev.burstlet.hyper.proto.cri.MemoryUsage;
import dev.burstlet.hyper.proto.cri.NetworkInterfaceUsage;
import dev.burstlet.hyper.proto.cri.NetworkUsage;
import dev.burstlet.hyper.proto.cri.PodSandbox;
import dev.burstlet.hyper.proto.cri.PodSandboxState;
import dev.burstlet.hyper.proto.cri.PodSandboxStatsRequest;
import dev.burstlet.hyper.proto.cri.SwapUsage;
import dev.burstlet.hyper.proto.cri.UInt64Value;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostStats;
import java.nio.file.Files;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Usage as the runtime and /proc tell it. Sandboxes are asked for one by one: containerd 1.6 fails
 * a list as a whole for one that has ended.
 */
public final class UsageReader {
    private final CriConnection connection;
    private final Supplier<RuntimeFacts> facts;
    private final Sandboxes sandboxes;
    private final Path root;
    private final InstantSource clock;
    private final CpuRates rates = new CpuRates();

    public UsageReader(
            CriConnection connection,
            Supplier<RuntimeFacts> facts,
            Sandboxes sandboxes,
            Path root,
            InstantSource clock) {
        this.connection = connection;
        this.facts = facts;
        this.sandboxes = sandboxes;
        this.root = root;
        this.clock = clock;
    }

    // A compact constructor in another module's class file has lost its parameters' @Nullable.
    @SuppressWarnings("NullAway")
    public EngineStats read(Owner owner) {
        Instant now = clock.instant();
        Map<String, Handler> handlers = new HashMap<>();
        Map<String, EngineStats.SandboxUsage> pods = sandboxes(owner, handlers);
        @Nullable Long hostCpu = HostFacts.cpuNanoSeconds();
        return new EngineStats(
                HostFacts.usage(now, rates.rate("", now, hostCpu)),
                HostFacts.network(now),
                HostFacts.filesystem(now, existing(root), null, null),
                images(now),
                HostFacts.maxProcesses(),
                containers(owner, handlers),
                pods);
    }

    private Map<String, EngineStats.SandboxUsage> sandboxes(
            Owner owner, Map<String, Handler> handlers) {
        Map<String, EngineStats.SandboxUsage> found = new HashMap<>();
        for (PodSandbox sandbox : sandboxes.items(Filter.all(owner))) {
            facts.get()
                    .handler(sandbox.getRuntimeHandler())
                    .ifPresent(handler -> handlers.put(sandbox.getId(), handler));
            if (sandbox.getState() == PodSandboxState.SANDBOX_READY) {
                sandbox(sandbox.getId()).ifPresent(usage -> found.put(sandbox.getId(), usage));
            }
        }
        return found;
    }

    /** Empty for one that ended meanwhile, or that the runtime cannot measure. */
    private Optional<EngineStats.SandboxUsage> sandbox(String id) {
        try {
            LinuxPodSandboxStats stats =
                    connection
                            .runtime(
                                    "stats of sandbox " + id,
                                    stub ->
                                            stub.podSandboxStats(
                                                    PodSandboxStatsRequest.newBuilder()
                                                            .setPodSandboxId(id)
                                                            .build()))
                            .getStats()
                            .getLinux();
            HostStats.@Nullable Usage usage =
                    stats.hasCpu() || stats.hasMemory()
                            ? usage(
                                    id,
                                    stats.getCpu(),
                                    stats.getMemory(),
                                    value(
                                            stats.getProcess().hasProcessCount(),
                                            stats.getProcess().getProcessCount()))
                            : null;
            return Optional.of(new EngineStats.SandboxUsage(usage, network(stats)));
        } catch (BackendException e) {
            if (e.reason() == BackendException.Reason.UNAVAILABLE) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private HostStats.@Nullable Network network(LinuxPodSandboxStats stats) {
        if (!stats.hasNetwork()) {
            return null;
        }
        NetworkUsage network = stats.getNetwork();
        Map<String, HostStats.Network.Interface> interfaces = new HashMap<>();
        List<NetworkInterfaceUsage> all = new ArrayList<>(network.getInterfacesList());
        if (network.hasDefaultInterface()) {
            all.add(network.getDefaultInterface());
        }
        for (NetworkInterfaceUsage one : all) {
            interfaces.put(
                    one.getName(),
                    new HostStats.Network.Interface(
                            one.getRxBytes().getValue(),
                            null,
                            one.getRxErrors().getValue(),
                            null,
                            one.getTxBytes().getValue(),
                            null,
                            one.getTxErrors().getValue(),
                            null));
        }
        return new HostStats.Network(time(network.getTimestamp()), interfaces);
    }

    private List<EngineStats.ContainerUsage> containers(
            Owner owner, Map<String, Handler> handlers) {
        Map<String, String> sandboxOf = running(owner);
        List<EngineStats.ContainerUsage> found = new ArrayList<>();
        Set<String> measured = new HashSet<>();
        for (ContainerStats stats : listStats(owner)) {
            String id = stats.getAttributes().getId();
            @Nullable String sandbox = sandboxOf.get(id);
            if (sandbox == null) {
                continue;
            }
            @Nullable Handler handler = handlers.get(sandbox);
            boolean told = handler == null || handler.measured();
            HostStats.Usage usage =
                    told ? usage(id, stats.getCpu(), stats.getMemory(), null) : unknown();
            found.add(new EngineStats.ContainerUsage(id, usage, layer(stats), details(stats)));
            measured.add(id);
        }
        sandboxOf.keySet().stream()
                .filter(id -> !measured.contains(id))
                .forEach(id ->
                        found.add(
                                new EngineStats.ContainerUsage(
                                        id, unknown(), null, HostStats.Details.UNKNOWN)));
        return found;
    }

    private HostStats.Usage unknown() {
        return new HostStats.Usage(
                clock.instant(), null, null, null, null, null, null, null, null, null, null);
    }

    private Map<String, String> running(Owner owner) {
        ContainerFilter filter =
                ContainerFilter.newBuilder()
                        .setState(
                                ContainerStateValue.newBuilder()
                                        .setState(ContainerState.CONTAINER_RUNNING))
                        .putAllLabelSelector(Sandboxes.selector(Filter.all(owner)))
                        .build();
        Map<String, String> sandboxOf = new HashMap<>();
        for (Container container :
                connection
                        .runtime(
                                "list containers",
                                stub ->
                                        stub.listContainers(
                                                ListContainersRequest.newBuilder()
                                                        .setFilter(filter)
                                                        .build()))
                        .getContainersList()) {
            sandboxOf.put(container.getId(), container.getPodSandboxId());
        }
        return sandboxOf;
    }

    /** Empty where the runtime fails on one that ends just now: the next reading has them. */
    private List<ContainerStats> listStats(Owner owner) {
        ContainerStatsFilter filter =
                ContainerStatsFilter.newBuilder()
                        .putAllLabelSelector(Sandboxes.selector(Filter.all(owner)))
                        .build();
        try {
            return connection
                    .runtime(
                            "container stats",
                            stub ->
                                    stub.listContainerStats(
                                            ListContainerStatsRequest.newBuilder()
                                                    .setFilter(filter)
                                                    .build()))
                    .getStatsList();
        } catch (BackendException e) {
            if (e.reason() == BackendException.Reason.UNAVAILABLE) {
                throw e;
            }
            return List.of();
        }
    }

    private HostStats.Usage usage(
            String id, CpuUsage cpu, MemoryUsage memory, @Nullable Long processes) {
        long stamp = cpu.getTimestamp() == 0 ? memory.getTimestamp() : cpu.getTimestamp();
        Instant time = time(stamp);
        @Nullable Long nanoSeconds =
                value(cpu.hasUsageCoreNanoSeconds(), cpu.getUsageCoreNanoSeconds());
        @Nullable Long nanoCores = value(cpu.hasUsageNanoCores(), cpu.getUsageNanoCores());
        return new HostStats.Usage(
                time,
                null,
                nanoSeconds,
                nanoCores == null ? rates.rate(id, time, nanoSeconds) : nanoCores,
                value(memory.hasUsageBytes(), memory.getUsageBytes()),
                value(memory.hasWorkingSetBytes(), memory.getWorkingSetBytes()),
                value(memory.hasRssBytes(), memory.getRssBytes()),
                available(memory),
                value(memory.hasPageFaults(), memory.getPageFaults()),
                value(memory.hasMajorPageFaults(), memory.getMajorPageFaults()),
                processes);
    }

    /** Containerd tells 0 where there is no limit. */
    private static @Nullable Long available(MemoryUsage memory) {
        long available = memory.getAvailableBytes().getValue();
        return available == 0 ? null : available;
    }

    /** Containerd 1.6 tells no time of a network's counters. */
    private Instant time(long stamp) {
        return stamp == 0 ? clock.instant() : Times.instant(stamp);
    }

    private static @Nullable Long value(boolean there, UInt64Value value) {
        return there ? value.getValue() : null;
    }

    private static HostStats.@Nullable Filesystem layer(ContainerStats stats) {
        if (!stats.hasWritableLayer()) {
            return null;
        }
        FilesystemUsage layer = stats.getWritableLayer();
        return new HostStats.Filesystem(
                Times.instant(layer.getTimestamp()),
                null,
                null,
                value(layer.hasUsedBytes(), layer.getUsedBytes()),
                null,
                null,
                value(layer.hasInodesUsed(), layer.getInodesUsed()));
    }

    /** The interface tells no more than swap of what cAdvisor tells beside the Summary API. */
    private static HostStats.Details details(ContainerStats stats) {
        SwapUsage swap = stats.getSwap();
        return new HostStats.Details(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                value(swap.hasSwapUsageBytes(), swap.getSwapUsageBytes()),
                null,
                null,
                null,
                null);
    }

    /** How much the host has left. */
    public HostFigures figures() {
        Instant now = clock.instant();
        HostStats.@Nullable Filesystem node = HostFacts.filesystem(now, existing(root), null, null);
        HostStats.@Nullable Filesystem images = images(now);
        return new HostFigures(
                Amount.of(HostFacts.usage(now, null).availableBytes(), HostFacts.memoryBytes()),
                bytes(node),
                inodes(node),
                bytes(images),
                inodes(images),
                HostFacts.pids());
    }

    private static @Nullable Amount bytes(HostStats.@Nullable Filesystem disk) {
        return disk == null ? null : Amount.of(disk.availableBytes(), disk.capacityBytes());
    }

    private static @Nullable Amount inodes(HostStats.@Nullable Filesystem disk) {
        return disk == null ? null : Amount.of(disk.inodesFree(), disk.inodes());
    }

    private HostStats.@Nullable Filesystem images(Instant now) {
        List<FilesystemUsage> filesystems =
                connection
                        .images(
                                "image file system",
                                Duration.ofSeconds(30),
                                stub -> stub.imageFsInfo(ImageFsInfoRequest.getDefaultInstance()))
                        .getImageFilesystemsList();
        if (filesystems.isEmpty()) {
            return null;
        }
        FilesystemUsage first = filesystems.getFirst();
        return HostFacts.filesystem(
                now,
                existing(Path.of(first.getFsId().getMountpoint())),
                value(first.hasUsedBytes(), first.getUsedBytes()),
                value(first.hasInodesUsed(), first.getInodesUsed()));
    }

    /** The nearest directory that is there. */
    private static Path existing(Path path) {
        @Nullable Path candidate = path.toAbsolutePath();
        while (candidate != null && !Files.exists(candidate)) {
            candidate = candidate.getParent();
        }
        return candidate == null ? Path.of("/") : candidate;
    }
}
