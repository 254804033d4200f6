package dev.burstlet.hyper.wire;

import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.pod.HostStats;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Resource usage as messages: what a host cannot tell is absent. */
public final class Statistics {
    private Statistics() {}

    public static V1.HostStats stats(HostStats stats) {
        V1.HostStats.Builder made = V1.HostStats.newBuilder().setHost(usage(stats.host()));
        given(stats.network(), network -> made.setNetwork(network(network)));
        given(stats.rootfs(), filesystem -> made.setRootfs(filesystem(filesystem)));
        given(stats.imagefs(), filesystem -> made.setImagefs(filesystem(filesystem)));
        given(stats.maxProcesses(), made::setMaxProcesses);
        stats.pods().forEach(pod -> made.addPods(pod(pod)));
        return made.build();
    }

    public static HostStats stats(V1.HostStats stats) {
        return new HostStats(
                usage(stats.getHost()),
                stats.hasNetwork() ? network(stats.getNetwork()) : null,
                stats.hasRootfs() ? filesystem(stats.getRootfs()) : null,
                stats.hasImagefs() ? filesystem(stats.getImagefs()) : null,
                number(stats.hasMaxProcesses(), stats.getMaxProcesses()),
                stats.getPodsList().stream().map(Statistics::pod).toList());
    }

    private static V1.PodStats pod(HostStats.Pod pod) {
        V1.PodStats.Builder made =
                V1.PodStats.newBuilder()
                        .setKey(Bundles.key(pod.key()))
                        .setUsage(usage(pod.usage()));
        given(pod.network(), network -> made.setNetwork(network(network)));
        pod.containers().forEach(container -> made.addContainers(container(container)));
        pod.volumes().forEach((name, volume) -> made.putVolumes(name, filesystem(volume)));
        return made.build();
    }

    private static HostStats.Pod pod(V1.PodStats pod) {
        Map<String, HostStats.Filesystem> volumes = new HashMap<>();
        pod.getVolumesMap().forEach((name, volume) -> volumes.put(name, filesystem(volume)));
        return new HostStats.Pod(
                Bundles.key(pod.getKey()),
                usage(pod.getUsage()),
                pod.hasNetwork() ? network(pod.getNetwork()) : null,
                pod.getContainersList().stream().map(Statistics::container).toList(),
                volumes);
    }

    private static V1.ContainerStats container(HostStats.Container container) {
        V1.ContainerStats.Builder made =
                V1.ContainerStats.newBuilder()
                        .setName(container.name())
                        .setId(container.id())
                        .setImage(container.image())
                        .setUsage(usage(container.usage()))
                        .setDetails(details(container.details()));
        given(container.rootfs(), filesystem -> made.setRootfs(filesystem(filesystem)));
        given(container.logs(), filesystem -> made.setLogs(filesystem(filesystem)));
        return made.build();
    }

    private static HostStats.Container container(V1.ContainerStats container) {
        return new HostStats.Container(
                container.getName(),
                container.getId(),
                container.getImage(),
                usage(container.getUsage()),
                container.hasRootfs() ? filesystem(container.getRootfs()) : null,
                container.hasLogs() ? filesystem(container.getLogs()) : null,
                details(container.getDetails()));
    }

    private static V1.Details details(HostStats.Details details) {
        V1.Details.Builder made = V1.Details.newBuilder();
        given(details.userNanoSeconds(), made::setUserNanoSeconds);
        given(details.systemNanoSeconds(), made::setSystemNanoSeconds);
        given(details.periods(), made::setPeriods);
        given(details.throttledPeriods(), made::setThrottledPeriods);
        given(details.throttledNanoSeconds(), made::setThrottledNanoSeconds);
        given(details.cacheBytes(), made::setCacheBytes);
        given(details.mappedFileBytes(), made::setMappedFileBytes);
        given(details.swapBytes(), made::setSwapBytes);
        given(details.readBytes(), made::setReadBytes);
        given(details.writtenBytes(), made::setWrittenBytes);
        given(details.reads(), made::setReads);
        given(details.writes(), made::setWrites);
        return made.build();
    }

    private static HostStats.Details details(V1.Details details) {
        return new HostStats.Details(
                number(details.hasUserNanoSeconds(), details.getUserNanoSeconds()),
                number(details.hasSystemNanoSeconds(), details.getSystemNanoSeconds()),
                number(details.hasPeriods(), details.getPeriods()),
                number(details.hasThrottledPeriods(), details.getThrottledPeriods()),
                number(details.hasThrottledNanoSeconds(), details.getThrottledNanoSeconds()),
                number(details.hasCacheBytes(), details.getCacheBytes()),
                number(details.hasMappedFileBytes(), details.getMappedFileBytes()),
                number(details.hasSwapBytes(), details.getSwapBytes()),
                number(details.hasReadBytes(), details.getReadBytes()),
                number(details.hasWrittenBytes(), details.getWrittenBytes()),
                number(details.hasReads(), details.getReads()),
                number(details.hasWrites(), details.getWrites()));
    }

    private static V1.Usage usage(HostStats.Usage usage) {
        V1.Usage.Builder made = V1.Usage.newBuilder().setTime(Reports.time(usage.time()));
        given(usage.startTime(), time -> made.setStartTime(Reports.time(time)));
        given(usage.cpuNanoSeconds(), made::setCpuNanoSeconds);
        given(usage.cpuNanoCores(), made::setCpuNanoCores);
        given(usage.memoryUsageBytes(), made::setMemoryUsageBytes);
        given(usage.workingSetBytes(), made::setWorkingSetBytes);
        given(usage.rssBytes(), made::setRssBytes);
        given(usage.availableBytes(), made::setAvailableBytes);
        given(usage.pageFaults(), made::setPageFaults);
        given(usage.majorPageFaults(), made::setMajorPageFaults);
        given(usage.processes(), made::setProcesses);
        return made.build();
    }

    private static HostStats.Usage usage(V1.Usage usage) {
        @Nullable Instant start = Reports.time(usage.hasStartTime(), usage.getStartTime());
        return new HostStats.Usage(
                Reports.time(usage.getTime()),
                start,
                number(usage.hasCpuNanoSeconds(), usage.getCpuNanoSeconds()),
                number(usage.hasCpuNanoCores(), usage.getCpuNanoCores()),
                number(usage.hasMemoryUsageBytes(), usage.getMemoryUsageBytes()),
                number(usage.hasWorkingSetBytes(), usage.getWorkingSetBytes()),
                number(usage.hasRssBytes(), usage.getRssBytes()),
                number(usage.hasAvailableBytes(), usage.getAvailableBytes()),
                number(usage.hasPageFaults(), usage.getPageFaults()),
                number(usage.hasMajorPageFaults(), usage.getMajorPageFaults()),
                number(usage.hasProcesses(), usage.getProcesses()));
    }

    private static V1.Network network(HostStats.Network network) {
        V1.Network.Builder made = V1.Network.newBuilder().setTime(Reports.time(network.time()));
        network.interfaces().forEach((name, one) -> made.putInterfaces(name, counters(one)));
        return made.build();
    }

    private static V1.Interface counters(HostStats.Network.Interface one) {
        V1.Interface.Builder made =
                V1.Interface.newBuilder()
                        .setRxBytes(one.rxBytes())
                        .setRxErrors(one.rxErrors())
                        .setTxBytes(one.txBytes())
                        .setTxErrors(one.txErrors());
        given(one.rxPackets(), made::setRxPackets);
        given(one.rxDropped(), made::setRxDropped);
        given(one.txPackets(), made::setTxPackets);
        given(one.txDropped(), made::setTxDropped);
        return made.build();
    }

    private static HostStats.Network network(V1.Network network) {
        Map<String, HostStats.Network.Interface> interfaces = new HashMap<>();
        network.getInterfacesMap()
                .forEach((name, one) ->
                        interfaces.put(
                                name,
                                new HostStats.Network.Interface(
                                        one.getRxBytes(),
                                        number(one.hasRxPackets(), one.getRxPackets()),
                                        one.getRxErrors(),
                                        number(one.hasRxDropped(), one.getRxDropped()),
                                        one.getTxBytes(),
                                        number(one.hasTxPackets(), one.getTxPackets()),
                                        one.getTxErrors(),
                                        number(one.hasTxDropped(), one.getTxDropped()))));
        return new HostStats.Network(Reports.time(network.getTime()), interfaces);
    }

    private static V1.Filesystem filesystem(HostStats.Filesystem filesystem) {
        V1.Filesystem.Builder made =
                V1.Filesystem.newBuilder().setTime(Reports.time(filesystem.time()));
        given(filesystem.availableBytes(), made::setAvailableBytes);
        given(filesystem.capacityBytes(), made::setCapacityBytes);
        given(filesystem.usedBytes(), made::setUsedBytes);
        given(filesystem.inodesFree(), made::setInodesFree);
        given(filesystem.inodes(), made::setInodes);
        given(filesystem.inodesUsed(), made::setInodesUsed);
        return made.build();
    }

    private static HostStats.Filesystem filesystem(V1.Filesystem filesystem) {
        return new HostStats.Filesystem(
                Reports.time(filesystem.getTime()),
                number(filesystem.hasAvailableBytes(), filesystem.getAvailableBytes()),
                number(filesystem.hasCapacityBytes(), filesystem.getCapacityBytes()),
                number(filesystem.hasUsedBytes(), filesystem.getUsedBytes()),
                number(filesystem.hasInodesFree(), filesystem.getInodesFree()),
                number(filesystem.hasInodes(), filesystem.getInodes()),
                number(filesystem.hasInodesUsed(), filesystem.getInodesUsed()));
    }

    private static @Nullable Long number(boolean given, long value) {
        return given ? Long.valueOf(value) : null;
    }

    private static <T> void given(@Nullable T value, Consumer<T> set) {
        if (value != null) {
            set.accept(value);
        }
    }
}
