package dev.burstlet.serve.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostStats.Container;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.HostStats.Network;
import dev.burstlet.pod.HostStats.Pod;
import dev.burstlet.pod.HostStats.Usage;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The kubelet's Summary API (k8s.io/kubelet stats/v1alpha1) of one node. What the host cannot tell
 * is left out.
 */
public final class Summary {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String nodeName;
    private final InstantSource clock;
    private final Function<PodKey, Optional<PodSpec>> specs;

    /**
     * @param specs what a pod's volumes are, where it is known
     */
    public Summary(
            String nodeName, InstantSource clock, Function<PodKey, Optional<PodSpec>> specs) {
        this.nodeName = nodeName;
        this.clock = clock;
        this.specs = specs;
    }

    /**
     * The summary as JSON.
     *
     * @param lean CPU and memory alone
     */
    public byte[] json(HostStats stats, boolean lean) {
        ObjectNode root = JSON.createObjectNode();
        node(root.putObject("node"), stats, lean);
        ArrayNode pods = root.putArray("pods");
        stats.pods().forEach(pod -> pod(pods.addObject(), pod, stats.rootfs(), lean));
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void node(ObjectNode node, HostStats stats, boolean lean) {
        node.put("nodeName", nodeName);
        usage(node, stats.host());
        if (lean) {
            return;
        }
        network(node, stats.network());
        filesystem(node, "fs", stats.rootfs());
        if (stats.imagefs() != null) {
            ObjectNode runtime = node.putObject("runtime");
            filesystem(runtime, "imageFs", stats.imagefs());
            // The engines here keep images and containers' layers on one file system.
            filesystem(runtime, "containerFs", stats.imagefs());
        }
        if (stats.host().processes() != null) {
            ObjectNode limits = node.putObject("rlimit");
            limits.put("time", text(stats.host().time()));
            put(limits, "maxpid", stats.maxProcesses());
            limits.put("curproc", stats.host().processes());
        }
    }

    private void pod(ObjectNode node, Pod pod, @Nullable Filesystem disk, boolean lean) {
        ObjectNode reference = node.putObject("podRef");
        reference.put("name", pod.key().name());
        reference.put("namespace", pod.key().namespace());
        reference.put("uid", pod.key().uid());
        ArrayNode containers = node.putArray("containers");
        pod.containers().forEach(one -> container(containers.addObject(), one, lean));
        usage(node, pod.usage());
        if (lean) {
            return;
        }
        network(node, pod.network());
        VolumeClaims volumes =
                specs.apply(pod.key())
                        .map(spec -> VolumeClaims.of(pod.key().name(), spec))
                        .orElse(VolumeClaims.UNKNOWN);
        volumes(node.putArray("volume"), pod, volumes);
        ephemeralStorage(node, pod, volumes, disk);
        Long processes = pod.usage().processes();
        if (processes != null) {
            node.putObject("process_stats").put("process_count", processes);
        }
    }

    private static void volumes(ArrayNode all, Pod pod, VolumeClaims volumes) {
        for (Map.Entry<String, Filesystem> volume : new TreeMap<>(pod.volumes()).entrySet()) {
            ObjectNode one = all.addObject();
            fill(one, volume.getValue());
            one.put("name", volume.getKey());
            String claim = volumes.claims().get(volume.getKey());
            if (claim != null) {
                ObjectNode reference = one.putObject("pvcRef");
                reference.put("name", claim);
                reference.put("namespace", pod.key().namespace());
            }
        }
    }

    /** What the pod's containers, their logs and its emptyDirs use of the node's disk. */
    private static void ephemeralStorage(
            ObjectNode node, Pod pod, VolumeClaims volumes, @Nullable Filesystem disk) {
        List<Filesystem> parts = new ArrayList<>();
        for (Container container : pod.containers()) {
            Stream.of(
                            Optional.ofNullable(container.rootfs()),
                            Optional.ofNullable(container.logs()))
                    .flatMap(Optional::stream)
                    .forEach(parts::add);
        }
        pod.volumes()
                .forEach((name, volume) -> {
                    if (volumes.onDisk().contains(name)) {
                        parts.add(volume);
                    }
                });
        if (parts.isEmpty()) {
            return;
        }
        Instant time = parts.stream().map(Filesystem::time).max(Instant::compareTo).orElseThrow();
        fill(
                node.putObject("ephemeral-storage"),
                new Filesystem(
                        time,
                        disk == null ? null : disk.availableBytes(),
                        disk == null ? null : disk.capacityBytes(),
                        sum(parts, Filesystem::usedBytes),
                        disk == null ? null : disk.inodesFree(),
                        disk == null ? null : disk.inodes(),
                        sum(parts, Filesystem::inodesUsed)));
    }

    private static @Nullable Long sum(
            List<Filesystem> parts, Function<Filesystem, @Nullable Long> value) {
        List<Long> known = parts.stream().map(value).filter(Objects::nonNull).toList();
        return known.isEmpty() ? null : known.stream().mapToLong(Long::longValue).sum();
    }

    private void container(ObjectNode node, Container container, boolean lean) {
        node.put("name", container.name());
        usage(node, container.usage());
        if (!lean) {
            filesystem(node, "rootfs", container.rootfs());
            filesystem(node, "logs", container.logs());
        }
    }

    private void usage(ObjectNode node, Usage usage) {
        // The field is not optional in the API.
        Instant start = usage.startTime() == null ? clock.instant() : usage.startTime();
        node.put("startTime", text(start));
        ObjectNode cpu = node.putObject("cpu");
        cpu.put("time", text(usage.time()));
        put(cpu, "usageNanoCores", usage.cpuNanoCores());
        put(cpu, "usageCoreNanoSeconds", usage.cpuNanoSeconds());
        ObjectNode memory = node.putObject("memory");
        memory.put("time", text(usage.time()));
        put(memory, "availableBytes", usage.availableBytes());
        put(memory, "usageBytes", usage.memoryUsageBytes());
        put(memory, "workingSetBytes", usage.workingSetBytes());
        put(memory, "rssBytes", usage.rssBytes());
        put(memory, "pageFaults", usage.pageFaults());
        put(memory, "majorPageFaults", usage.majorPageFaults());
    }

    private static void network(ObjectNode node, @Nullable Network network) {
        if (network == null || network.interfaces().isEmpty()) {
            return;
        }
        ObjectNode told = node.putObject("network");
        told.put("time", text(network.time()));
        Map<String, Network.Interface> sorted = new TreeMap<>(network.interfaces());
        String main = sorted.containsKey("eth0") ? "eth0" : sorted.keySet().iterator().next();
        counters(told, main, sorted.get(main));
        ArrayNode all = told.putArray("interfaces");
        sorted.forEach((name, counters) -> counters(all.addObject(), name, counters));
    }

    private static void counters(
            ObjectNode node, String name, Network.@Nullable Interface counters) {
        if (counters != null) {
            node.put("name", name);
            node.put("rxBytes", counters.rxBytes());
            node.put("rxErrors", counters.rxErrors());
            node.put("txBytes", counters.txBytes());
            node.put("txErrors", counters.txErrors());
        }
    }

    private static void filesystem(ObjectNode node, String name, @Nullable Filesystem filesystem) {
        if (filesystem != null) {
            fill(node.putObject(name), filesystem);
        }
    }

    private static void fill(ObjectNode node, Filesystem filesystem) {
        node.put("time", text(filesystem.time()));
        put(node, "availableBytes", filesystem.availableBytes());
        put(node, "capacityBytes", filesystem.capacityBytes());
        put(node, "usedBytes", filesystem.usedBytes());
        put(node, "inodesFree", filesystem.inodesFree());
        put(node, "inodes", filesystem.inodes());
        put(node, "inodesUsed", filesystem.inodesUsed());
    }

    private static void put(ObjectNode node, String name, @Nullable Long value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
