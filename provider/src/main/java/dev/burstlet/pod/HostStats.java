package dev.burstlet.pod;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resource usage of a host and of the pods on it, in the units of the kubelet's Summary API: CPU in
 * nanocores and core-nanoseconds, the rest in bytes. What a host cannot tell is null, never
 * invented.
 *
 * @param maxProcesses that the host can have
 */
public record HostStats(
        Usage host,
        @Nullable Network network,
        @Nullable Filesystem rootfs,
        @Nullable Filesystem imagefs,
        @Nullable Long maxProcesses,
        List<Pod> pods) {
    public HostStats {
        pods = List.copyOf(pods);
    }

    /**
     * CPU and memory at one instant.
     *
     * @param cpuNanoSeconds CPU time used since the start, in nanoseconds
     * @param cpuNanoCores the rate over the last seconds, in billionths of a core
     * @param workingSetBytes usage minus inactive file pages
     */
    public record Usage(
            Instant time,
            @Nullable Instant startTime,
            @Nullable Long cpuNanoSeconds,
            @Nullable Long cpuNanoCores,
            @Nullable Long memoryUsageBytes,
            @Nullable Long workingSetBytes,
            @Nullable Long rssBytes,
            @Nullable Long availableBytes,
            @Nullable Long pageFaults,
            @Nullable Long majorPageFaults,
            @Nullable Long processes) {}

    /** One pod. */
    public record Pod(
            PodKey key,
            Usage usage,
            @Nullable Network network,
            List<Container> containers,
            Map<String, Filesystem> volumes) {
        public Pod {
            containers = List.copyOf(containers);
            volumes = Map.copyOf(volumes);
        }
    }

    /** One running container. */
    public record Container(
            String name,
            String id,
            String image,
            Usage usage,
            @Nullable Filesystem rootfs,
            @Nullable Filesystem logs,
            Details details) {}

    /**
     * What cAdvisor tells beside the Summary API: counters since the container's start, but for the
     * three sizes of memory.
     *
     * @param periods of the CPU quota that have passed
     * @param throttledPeriods those in which the quota was used up
     * @param throttledNanoSeconds time that processes waited for the next one
     * @param cacheBytes file pages
     */
    public record Details(
            @Nullable Long userNanoSeconds,
            @Nullable Long systemNanoSeconds,
            @Nullable Long periods,
            @Nullable Long throttledPeriods,
            @Nullable Long throttledNanoSeconds,
            @Nullable Long cacheBytes,
            @Nullable Long mappedFileBytes,
            @Nullable Long swapBytes,
            @Nullable Long readBytes,
            @Nullable Long writtenBytes,
            @Nullable Long reads,
            @Nullable Long writes) {
        public static final Details UNKNOWN =
                new Details(null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** Counters of all interfaces of a network namespace, by interface name. */
    public record Network(Instant time, Map<String, Interface> interfaces) {
        public Network {
            interfaces = Map.copyOf(interfaces);
        }

        /** One interface's counters; null is what the host does not tell. */
        public record Interface(
                long rxBytes,
                @Nullable Long rxPackets,
                long rxErrors,
                @Nullable Long rxDropped,
                long txBytes,
                @Nullable Long txPackets,
                long txErrors,
                @Nullable Long txDropped) {}
    }

    /** A file system, or the part of one that something uses. */
    public record Filesystem(
            Instant time,
            @Nullable Long availableBytes,
            @Nullable Long capacityBytes,
            @Nullable Long usedBytes,
            @Nullable Long inodesFree,
            @Nullable Long inodes,
            @Nullable Long inodesUsed) {}
}
