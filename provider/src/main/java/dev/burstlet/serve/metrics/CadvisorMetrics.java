package dev.burstlet.serve.metrics;

import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostStats.Container;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.HostStats.Network;
import dev.burstlet.pod.HostStats.Pod;
import dev.burstlet.pod.HostStats.Usage;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code /metrics/cadvisor}: the commonly used container families with cAdvisor's labels. A pod's
 * own sums have an empty container, the node's the id {@code /}.
 */
public final class CadvisorMetrics {
    private static final long NANOS = 1_000_000_000L;

    private final Exposition out = new Exposition();
    private final List<Row> rows = new ArrayList<>();
    private final HostStats stats;

    private CadvisorMetrics(HostStats stats) {
        this.stats = stats;
        rows.add(new Row(labels("", "/", "", "", "", ""), stats.host(), null));
        for (Pod pod : stats.pods()) {
            String id = "/kubepods/pod" + pod.key().uid();
            rows.add(new Row(podLabels(pod, "", id, "", ""), pod.usage(), null));
            for (Container one : pod.containers()) {
                rows.add(
                        new Row(
                                podLabels(
                                        pod,
                                        one.name(),
                                        id + "/" + one.id(),
                                        one.image(),
                                        one.id()),
                                one.usage(),
                                one.rootfs()));
            }
        }
    }

    /**
     * The whole text.
     *
     * @param specs what a pod may use, where it is known
     */
    public static String of(
            HostStats stats,
            HostDescription host,
            Function<PodKey, Optional<PodSpec>> specs,
            Instant now) {
        CadvisorMetrics metrics = new CadvisorMetrics(stats);
        metrics.cpu();
        metrics.memory();
        metrics.filesystems();
        metrics.processes();
        metrics.network();
        metrics.seen(now);
        metrics.details();
        metrics.specs(specs);
        MachineMetrics.write(metrics.out, host);
        return metrics.out.toString();
    }

    private void seen(Instant now) {
        out.family("container_last_seen", "gauge", "When it was last seen, in Unix time.");
        for (Row row : rows) {
            out.sample(now.getEpochSecond(), null, with(row.labels()));
        }
    }

    private void details() {
        DetailMetrics written = new DetailMetrics();
        for (Pod pod : stats.pods()) {
            String id = "/kubepods/pod" + pod.key().uid();
            for (Container one : pod.containers()) {
                written.container(
                        with(
                                podLabels(
                                        pod,
                                        one.name(),
                                        id + "/" + one.id(),
                                        one.image(),
                                        one.id())),
                        one.usage().time(),
                        one.details());
            }
        }
        written.write(out);
    }

    private void specs(Function<PodKey, Optional<PodSpec>> specs) {
        SpecMetrics written = new SpecMetrics();
        for (Pod pod : stats.pods()) {
            specs.apply(pod.key()).ifPresent(spec -> specs(written, pod, spec));
        }
        written.write(out);
    }

    private static void specs(SpecMetrics written, Pod pod, PodSpec spec) {
        String id = "/kubepods/pod" + pod.key().uid();
        written.pod(with(podLabels(pod, "", id, "", "")), spec);
        for (Container one : pod.containers()) {
            written.container(
                    with(podLabels(pod, one.name(), id + "/" + one.id(), one.image(), one.id())),
                    spec,
                    one.name());
        }
    }

    private void cpu() {
        out.family(
                "container_cpu_usage_seconds_total",
                "counter",
                "Cumulative cpu time consumed in seconds.");
        for (Row row : rows) {
            Usage usage = row.usage();
            out.seconds(usage.cpuNanoSeconds(), usage.time(), with(row.labels(), "cpu", "total"));
        }
        out.family(
                "container_start_time_seconds",
                "gauge",
                "Start time of the container since unix epoch in seconds.");
        for (Row row : rows) {
            Instant start = row.usage().startTime();
            Long nanos = start == null ? null : start.getEpochSecond() * NANOS + start.getNano();
            out.seconds(nanos, row.usage().time(), with(row.labels()));
        }
    }

    private void memory() {
        gauge(
                "container_memory_usage_bytes",
                "Current memory usage in bytes, including all memory.",
                Usage::memoryUsageBytes);
        gauge(
                "container_memory_working_set_bytes",
                "Current working set in bytes.",
                Usage::workingSetBytes);
        gauge("container_memory_rss", "Size of RSS in bytes.", Usage::rssBytes);
        out.family(
                "container_memory_failures_total",
                "counter",
                "Cumulative count of memory allocation failures.");
        for (Row row : rows) {
            Usage usage = row.usage();
            out.sample(usage.pageFaults(), usage.time(), failure(row, "pgfault"));
            out.sample(usage.majorPageFaults(), usage.time(), failure(row, "pgmajfault"));
        }
    }

    private static String[] failure(Row row, String type) {
        return with(row.labels(), "failure_type", type, "scope", "container");
    }

    private void processes() {
        gauge(
                "container_processes",
                "Number of processes running inside the container.",
                Usage::processes);
        // The engines count a cgroup's tasks, which are threads.
        gauge(
                "container_threads",
                "Number of threads running inside the container.",
                Usage::processes);
    }

    private void gauge(String name, String help, Function<Usage, @Nullable Long> value) {
        out.family(name, "gauge", help);
        for (Row row : rows) {
            out.sample(value.apply(row.usage()), row.usage().time(), with(row.labels()));
        }
    }

    private void filesystems() {
        filesystem(
                "container_fs_usage_bytes",
                "Number of bytes that are consumed by the container on this filesystem.",
                Filesystem::usedBytes);
        filesystem(
                "container_fs_limit_bytes",
                "Number of bytes that can be consumed by the container on this filesystem.",
                Filesystem::capacityBytes);
        filesystem(
                "container_fs_inodes_total",
                "Number of inodes of this filesystem.",
                Filesystem::inodes);
        filesystem(
                "container_fs_inodes_free",
                "Number of available inodes of this filesystem.",
                Filesystem::inodesFree);
    }

    private void filesystem(String name, String help, Function<Filesystem, @Nullable Long> value) {
        out.family(name, "gauge", help);
        Filesystem root = stats.rootfs();
        if (root != null) {
            out.sample(
                    value.apply(root),
                    root.time(),
                    with(rows.getFirst().labels(), "device", "rootfs"));
        }
        for (Row row : rows) {
            Filesystem own = row.filesystem();
            if (own != null) {
                out.sample(value.apply(own), own.time(), with(row.labels(), "device", "rootfs"));
            }
        }
    }

    private void network() {
        traffic("receive_bytes", "Cumulative count of bytes received", i -> i.rxBytes());
        traffic("receive_packets", "Cumulative count of packets received", i -> i.rxPackets());
        traffic(
                "receive_packets_dropped",
                "Cumulative count of packets dropped while receiving",
                i -> i.rxDropped());
        traffic(
                "receive_errors",
                "Cumulative count of errors encountered while receiving",
                i -> i.rxErrors());
        traffic("transmit_bytes", "Cumulative count of bytes transmitted", i -> i.txBytes());
        traffic("transmit_packets", "Cumulative count of packets transmitted", i -> i.txPackets());
        traffic(
                "transmit_packets_dropped",
                "Cumulative count of packets dropped while transmitting",
                i -> i.txDropped());
        traffic(
                "transmit_errors",
                "Cumulative count of errors encountered while transmitting",
                i -> i.txErrors());
    }

    private void traffic(
            String name, String help, Function<Network.Interface, @Nullable Long> value) {
        out.family("container_network_" + name + "_total", "counter", help + ".");
        interfaces(stats.network(), rows.getFirst().labels(), value);
        for (Pod pod : stats.pods()) {
            String id = "/kubepods/pod" + pod.key().uid();
            interfaces(pod.network(), podLabels(pod, "", id, "", ""), value);
        }
    }

    private void interfaces(
            @Nullable Network network,
            List<String> labels,
            Function<Network.Interface, @Nullable Long> value) {
        if (network != null) {
            new TreeMap<>(network.interfaces())
                    .forEach((name, counters) ->
                            out.sample(
                                    value.apply(counters),
                                    network.time(),
                                    with(labels, "interface", name)));
        }
    }

    private static List<String> podLabels(
            Pod pod, String container, String id, String image, String name) {
        return labels(container, id, image, name, pod.key().namespace(), pod.key().name());
    }

    private static List<String> labels(
            String container, String id, String image, String name, String namespace, String pod) {
        return List.of(
                "container",
                container,
                "id",
                id,
                "image",
                image,
                "name",
                name,
                "namespace",
                namespace,
                "pod",
                pod);
    }

    private static String[] with(List<String> labels, String... more) {
        return Stream.concat(labels.stream(), Stream.of(more)).toArray(String[]::new);
    }

    /** A container, a pod or the node. */
    private record Row(List<String> labels, Usage usage, @Nullable Filesystem filesystem) {}
}
