package dev.burstlet.app.measure;

import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.PodLifecycle;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;

/**
 * The meters of one node, in a registry of its own, so that its kubelet port tells of it alone and
 * under the kubelet's names. Safe for use by many threads.
 */
public final class NodeMeters {
    /** Seconds; a start takes from a moment to an hour. */
    private static final Duration[] STARTS =
            seconds(0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 300, 600, 1200, 3600);

    private static final Duration[] WORK =
            seconds(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10);

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Timer> passes = new ConcurrentHashMap<>();

    private NodeMeters() {}

    /** Of an agent's own work, which its owner tells beside the node's. */
    public static NodeMeters ofAgent() {
        return new NodeMeters();
    }

    /** Begins with the node's name. */
    public NodeMeters(String node) {
        gauge("kubelet.node.name", "The node's name; always 1.", Tags.of("node", node), () -> 1);
    }

    /** In the Prometheus text format. */
    public String text() {
        return registry.scrape();
    }

    /** Where further meters of the node are registered. */
    public MeterRegistry registry() {
        return registry;
    }

    /** The pods and containers of a node, counted when asked for. */
    public void pods(PodLifecycle pods) {
        gauge(
                "kubelet.running.pods",
                "Pods that have a running container.",
                Tags.empty(),
                () -> pods.getPods().stream().filter(NodeMeters::runs).count());
        for (String state : List.of("created", "running", "exited")) {
            gauge(
                    "kubelet.running.containers",
                    "Containers by their state.",
                    Tags.of("container_state", state),
                    () ->
                            pods.getPods().stream()
                                    .flatMap(NodeMeters::containers)
                                    .filter(one -> state.equals(state(one)))
                                    .count());
        }
    }

    /** Whether the node's host answers: 1, or 0. */
    public void host(PodLifecycle pods) {
        gauge(
                "burstlet.host.reachable",
                "Whether the container engine answers.",
                Tags.empty(),
                () -> pods.describeHost().health().reachable() ? 1 : 0);
    }

    /** How long a pod's worker took for one pass, by what made it work. */
    public void worked(String operation, long nanos) {
        passes.computeIfAbsent(
                        operation,
                        of ->
                                timer(
                                        "kubelet.pod.worker.duration",
                                        "One pass of a pod's worker.",
                                        of,
                                        WORK))
                .record(Duration.ofNanos(nanos));
    }

    /** Of a start, by one of the kubelet's three ways of measuring it. */
    void started(String name, String help, Duration took) {
        Timer.builder(name)
                .description(help)
                .serviceLevelObjectives(STARTS)
                .register(registry)
                .record(took);
    }

    /** A gauge that is asked at each scrape. */
    public void gauge(String name, String help, Iterable<Tag> tags, Value value) {
        Gauge.builder(name, value, asked -> asked.get())
                .description(help)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /** A number that is asked for. */
    @FunctionalInterface
    public interface Value {
        double get();
    }

    private Timer timer(String name, String help, String operation, Duration[] buckets) {
        return Timer.builder(name)
                .description(help)
                .tag("operation_type", operation)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private static boolean runs(HostedPod pod) {
        return containers(pod).anyMatch(one -> "running".equals(state(one)));
    }

    private static java.util.stream.Stream<ContainerStatus> containers(HostedPod pod) {
        var status = pod.report().status();
        return java.util.stream.Stream.of(
                        status.getContainerStatuses(),
                        status.getInitContainerStatuses(),
                        status.getEphemeralContainerStatuses())
                .filter(Objects::nonNull)
                .flatMap(List::stream);
    }

    private static String state(ContainerStatus one) {
        ContainerState state = one.getState();
        return state == null
                ? ""
                : state.getRunning() != null
                        ? "running"
                        : state.getTerminated() != null
                                ? "exited"
                                : one.getContainerID() != null ? "created" : "";
    }

    private static Duration[] seconds(double... bounds) {
        return DoubleStream.of(bounds)
                .mapToObj(bound -> Duration.ofNanos(Math.round(bound * 1e9)))
                .toArray(Duration[]::new);
    }
}
