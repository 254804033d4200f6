package dev.burstlet.container.memory;

import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.EngineStats;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Owner;
import dev.burstlet.container.PodStorage;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.memory.file.Inode;
import dev.burstlet.pod.HostStats;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plausible usage: every running container uses what the options say, since its start. */
final class Statistics {
    private final MemoryHost host;

    Statistics(MemoryHost host) {
        this.host = host;
    }

    EngineStats of(Owner owner) {
        Instant now = host.now();
        List<EngineStats.ContainerUsage> containers = new ArrayList<>();
        Map<String, EngineStats.SandboxUsage> sandboxes = new HashMap<>();
        for (PodRecord record : host.records(Filter.all(owner))) {
            List<MemoryContainer> all;
            synchronized (host.lock()) {
                all = List.copyOf(record.containers());
                record.sandboxes().stream()
                        .filter(Sandbox::ready)
                        .forEach(sandbox ->
                                sandboxes.put(
                                        sandbox.id(),
                                        new EngineStats.SandboxUsage(null, network(now))));
            }
            for (MemoryContainer container : all) {
                if (container.state() instanceof State.Running running) {
                    containers.add(
                            new EngineStats.ContainerUsage(
                                    container.id(),
                                    usage(now, running.startedAt(), 1, null),
                                    disk(now, 4096),
                                    HostStats.Details.UNKNOWN));
                }
            }
        }
        long running = host.containers().values().stream().filter(MemoryContainer::running).count();
        return new EngineStats(
                usage(now, host.startedAt(), running, host.options().memoryBytes()),
                network(now),
                disk(now, 4096 * running),
                disk(now, host.images().list().stream().mapToLong(i -> i.sizeBytes()).sum()),
                null,
                containers,
                sandboxes);
    }

    PodStorage storage(Filter pod, List<VolumeSpec> asked) {
        Instant now = host.now();
        Map<String, HostStats.Filesystem> volumes = new HashMap<>();
        Map<String, Long> logs = new HashMap<>();
        for (PodRecord record : host.records(pod)) {
            Map<String, MemoryVolume> made;
            synchronized (host.lock()) {
                made = Map.copyOf(record.volumes());
                record.containers()
                        .forEach(one ->
                                logs.merge(one.spec().name(), (long) one.log().size(), Long::sum));
            }
            synchronized (host.fileLock()) {
                for (VolumeSpec volume : asked) {
                    MemoryVolume known = made.get(volume.name());
                    if (known != null) {
                        volumes.put(volume.name(), disk(now, Inode.size(known.tree().quota())));
                    }
                }
            }
        }
        Map<String, HostStats.Filesystem> sizes = new HashMap<>();
        logs.forEach((name, bytes) -> sizes.put(name, disk(now, bytes)));
        return new PodStorage(volumes, sizes);
    }

    private HostStats.Usage usage(
            Instant now,
            Instant since,
            long processes,
            @org.jspecify.annotations.Nullable Long capacity) {
        long nanoCores = host.options().containerCpuMillis() * 1_000_000 * processes;
        long memory = host.options().containerMemoryBytes() * processes;
        double seconds = Duration.between(since, now).toNanos() / 1e9;
        return new HostStats.Usage(
                now,
                since,
                (long) (nanoCores * seconds),
                nanoCores,
                memory,
                memory,
                memory,
                capacity == null ? null : Math.max(0, capacity - memory),
                0L,
                0L,
                processes);
    }

    private HostStats.Filesystem disk(Instant now, long used) {
        long capacity = host.options().diskBytes();
        return new HostStats.Filesystem(
                now, Math.max(0, capacity - used), capacity, used, 1L << 24, 1L << 24, 1L);
    }

    private static HostStats.Network network(Instant now) {
        return new HostStats.Network(
                now, Map.of("eth0", new HostStats.Network.Interface(0, 0L, 0, 0L, 0, 0L, 0, 0L)));
    }
}
