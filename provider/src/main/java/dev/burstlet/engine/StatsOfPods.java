package dev.burstlet.engine;

import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.EngineStats;
import dev.burstlet.container.EngineStats.ContainerUsage;
import dev.burstlet.container.EngineStats.SandboxUsage;
import dev.burstlet.container.PodStorage;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.HostStats.Usage;
import dev.burstlet.pod.PodKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An engine's usage, container by container, as the usage of pods. */
final class StatsOfPods {
    private StatsOfPods() {}

    /**
     * @param storage of pods by their UIDs
     */
    static HostStats of(
            EngineStats stats,
            Collection<PodWorker> workers,
            Function<String, PodStorage> storage) {
        Map<String, ContainerUsage> byId = new HashMap<>();
        stats.containers().forEach(c -> byId.put(c.containerId(), c));
        List<HostStats.Pod> pods = new ArrayList<>();
        for (PodWorker worker : workers) {
            HostStats.Pod pod =
                    pod(
                            worker.key(),
                            worker.view(),
                            stats,
                            byId,
                            storage.apply(worker.key().uid()));
            if (pod != null) {
                pods.add(pod);
            }
        }
        return new HostStats(
                stats.host(),
                stats.hostNetwork(),
                stats.rootfs(),
                stats.imagefs(),
                stats.maxProcesses(),
                pods);
    }

    private static HostStats.@Nullable Pod pod(
            PodKey key,
            PodWorker.View view,
            EngineStats stats,
            Map<String, ContainerUsage> byId,
            PodStorage storage) {
        List<HostStats.Container> containers = new ArrayList<>();
        for (ContainerStatus container : view.observed().containers()) {
            ContainerUsage usage = byId.get(container.id());
            if (usage != null && container.running()) {
                containers.add(
                        new HostStats.Container(
                                container.name(),
                                container.id(),
                                container.image(),
                                since(usage.usage(), startOf(container)),
                                within(usage.rootfs(), stats.imagefs()),
                                within(storage.logs().get(container.name()), stats.rootfs()),
                                usage.details()));
            }
        }
        SandboxStatus sandbox = view.observed().readySandbox().orElse(null);
        if (sandbox == null) {
            return null;
        }
        SandboxUsage shared = stats.sandboxes().get(sandbox.id());
        Usage usage = shared == null ? null : shared.usage();
        return new HostStats.Pod(
                key,
                usage != null
                        ? since(usage, sandbox.createdAt())
                        : sum(stats.host(), sandbox, containers),
                shared == null ? null : shared.network(),
                containers,
                storage.volumes());
    }

    private static @Nullable Instant startOf(ContainerStatus container) {
        return container.state() instanceof ContainerStatus.State.Running running
                ? running.startedAt()
                : null;
    }

    /** Usage begins with the start, which not every engine tells with it. */
    private static Usage since(Usage usage, @Nullable Instant start) {
        return usage.startTime() == null
                ? new Usage(
                        usage.time(),
                        start,
                        usage.cpuNanoSeconds(),
                        usage.cpuNanoCores(),
                        usage.memoryUsageBytes(),
                        usage.workingSetBytes(),
                        usage.rssBytes(),
                        usage.availableBytes(),
                        usage.pageFaults(),
                        usage.majorPageFaults(),
                        usage.processes())
                : usage;
    }

    /** What a container uses, of a file system that it shares with others. */
    private static @Nullable Filesystem within(
            @Nullable Filesystem layer, @Nullable Filesystem whole) {
        return layer == null || whole == null || layer.capacityBytes() != null
                ? layer
                : new Filesystem(
                        layer.time(),
                        whole.availableBytes(),
                        whole.capacityBytes(),
                        layer.usedBytes(),
                        whole.inodesFree(),
                        whole.inodes(),
                        layer.inodesUsed());
    }

    private static Usage sum(
            Usage host, SandboxStatus sandbox, List<HostStats.Container> containers) {
        // Of the sum's parts: a rate is of their readings, not of the host's.
        Instant time =
                containers.stream()
                        .map(container -> container.usage().time())
                        .max(Comparator.naturalOrder())
                        .orElse(host.time());
        return new Usage(
                time,
                sandbox.createdAt(),
                sum(containers, Usage::cpuNanoSeconds),
                sum(containers, Usage::cpuNanoCores),
                sum(containers, Usage::memoryUsageBytes),
                sum(containers, Usage::workingSetBytes),
                sum(containers, Usage::rssBytes),
                null,
                sum(containers, Usage::pageFaults),
                sum(containers, Usage::majorPageFaults),
                sum(containers, Usage::processes));
    }

    private static @Nullable Long sum(
            List<HostStats.Container> containers, Function<Usage, @Nullable Long> field) {
        List<Long> known =
                containers.stream()
                        .map(c -> field.apply(c.usage()))
                        .filter(Objects::nonNull)
                        .toList();
        return known.isEmpty() ? null : known.stream().mapToLong(Long::longValue).sum();
    }
}
