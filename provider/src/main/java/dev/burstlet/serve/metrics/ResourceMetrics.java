package dev.burstlet.serve.metrics;

import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostStats.Container;
import dev.burstlet.pod.HostStats.Pod;
import dev.burstlet.pod.HostStats.Usage;
import java.time.Instant;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** {@code /metrics/resource}: what metrics-server reads, with the kubelet's names. */
public final class ResourceMetrics {
    private static final String CPU = "Cumulative cpu time consumed in core-seconds";
    private static final String MEMORY = "Current working set in bytes";

    private final Exposition out = new Exposition();
    private final HostStats stats;

    private ResourceMetrics(HostStats stats) {
        this.stats = stats;
    }

    public static String of(HostStats stats) {
        ResourceMetrics metrics = new ResourceMetrics(stats);
        metrics.containers();
        metrics.node();
        metrics.pods();
        metrics.error(0);
        return metrics.out.toString();
    }

    /** What is said while the host does not answer. */
    public static String failed() {
        Exposition out = new Exposition();
        errors(out, 1);
        return out.toString();
    }

    private void containers() {
        out.family("container_cpu_usage_seconds_total", "counter", CPU + " by the container");
        eachContainer((labels, usage) -> out.seconds(usage.cpuNanoSeconds(), usage.time(), labels));
        out.family("container_memory_working_set_bytes", "gauge", MEMORY + " of the container");
        eachContainer((labels, usage) -> out.sample(usage.workingSetBytes(), usage.time(), labels));
        out.family(
                "container_start_time_seconds",
                "gauge",
                "Start time of the container since unix epoch in seconds");
        eachContainer((labels, usage) -> out.seconds(nanos(usage.startTime()), null, labels));
    }

    private void node() {
        Usage host = stats.host();
        out.family("node_cpu_usage_seconds_total", "counter", CPU + " by the node");
        out.seconds(host.cpuNanoSeconds(), host.time());
        out.family("node_memory_working_set_bytes", "gauge", MEMORY + " of the node");
        out.sample(host.workingSetBytes(), host.time());
    }

    private void pods() {
        out.family("pod_cpu_usage_seconds_total", "counter", CPU + " by the pod");
        eachPod((labels, usage) -> out.seconds(usage.cpuNanoSeconds(), usage.time(), labels));
        out.family("pod_memory_working_set_bytes", "gauge", MEMORY + " of the pod");
        eachPod((labels, usage) -> out.sample(usage.workingSetBytes(), usage.time(), labels));
    }

    private void error(long value) {
        errors(out, value);
    }

    private static void errors(Exposition out, long value) {
        out.family(
                "resource_scrape_error",
                "gauge",
                "1 if there was an error while getting container metrics, 0 otherwise");
        out.sample(value, null);
        out.family(
                "scrape_error",
                "gauge",
                "1 if there was an error while getting container metrics, 0 otherwise");
        out.sample(value, null);
    }

    private void eachContainer(BiConsumer<String[], Usage> sample) {
        for (Pod pod : stats.pods()) {
            for (Container container : pod.containers()) {
                sample.accept(
                        new String[] {
                            "container",
                            container.name(),
                            "namespace",
                            pod.key().namespace(),
                            "pod",
                            pod.key().name()
                        },
                        container.usage());
            }
        }
    }

    private void eachPod(BiConsumer<String[], Usage> sample) {
        for (Pod pod : stats.pods()) {
            sample.accept(
                    new String[] {"namespace", pod.key().namespace(), "pod", pod.key().name()},
                    pod.usage());
        }
    }

    private static @Nullable Long nanos(@Nullable Instant start) {
        return start == null ? null : start.getEpochSecond() * 1_000_000_000L + start.getNano();
    }
}
