package dev.burstlet.docker.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import dev.burstlet.container.DiskUsage;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import dev.burstlet.docker.wire.Deadline;
import dev.burstlet.docker.wire.EngineConnection;
import dev.burstlet.docker.wire.EngineConnection.Response;
import dev.burstlet.docker.wire.EngineDialer;
import dev.burstlet.docker.wire.EngineErrors;
import dev.burstlet.docker.wire.Wire;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The disk space that single pods use. The engine knows the sizes of volumes only of all at once
 * and walks them for it, so one answer serves all pods for half a minute. Safe for use by many
 * threads.
 */
public final class PodDisk {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FRESH = Duration.ofSeconds(20);
    private static final String VOLUME = "dev.burstlet.volume";
    private static final String PIN = "dev.burstlet.pin-of";

    private final DockerClient docker;
    private final EngineDialer dialer;
    private final InstantSource clock;
    private final Supplier<@Nullable Path> localRoot;
    private Instant readAt = Instant.EPOCH;
    private Map<String, Map<String, Long>> scratchByPod = Map.of();

    /**
     * @param localRoot the engine's own directory where it is this machine's, else null
     */
    public PodDisk(
            DockerClient docker,
            EngineDialer dialer,
            InstantSource clock,
            Supplier<@Nullable Path> localRoot) {
        this.docker = docker;
        this.dialer = dialer;
        this.clock = clock;
        this.localRoot = localRoot;
    }

    /** As {@link dev.burstlet.container.ContainerEngine#diskUsage}. */
    public DiskUsage of(Owner owner, PodKey pod) {
        List<Container> running = running(owner, pod);
        Map<String, Long> layers = new HashMap<>();
        Map<String, Long> logs = new HashMap<>();
        @Nullable Path root = localRoot.get();
        for (Container container : running) {
            String name = container.getLabels().get(Labels.CONTAINER_NAME);
            if (name == null) {
                continue;
            }
            if (container.getSizeRw() != null) {
                layers.put(name, container.getSizeRw());
            }
            if (root != null) {
                logs.put(name, logBytes(root.resolve("containers").resolve(container.getId())));
            }
        }
        return new DiskUsage(layers, logs, scratch().getOrDefault(pod.uid(), Map.of()));
    }

    /** Of what the drivers json-file and local keep, rotated files included. */
    static long logBytes(Path directory) {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(directory, 2)) {
            for (Path file : files.toList()) {
                String path = directory.relativize(file).toString();
                boolean log = path.contains("-json.log") || path.startsWith("local-logs/");
                bytes += log && Files.isRegularFile(file) ? Files.size(file) : 0;
            }
        } catch (IOException | UncheckedIOException e) {
            // Gone with its container, or not ours to read: what is not known counts for nothing.
            return bytes;
        }
        return bytes;
    }

    /** By which the engine finds what is of a pod. */
    static Map<String, String> labels(Owner owner, PodKey pod) {
        return Map.of(
                Labels.CLUSTER, owner.cluster(),
                Labels.NODE, owner.node(),
                Labels.POD_UID, pod.uid());
    }

    private List<Container> running(Owner owner, PodKey pod) {
        return EngineErrors.call(
                "containers",
                () ->
                        docker.listContainersCmd()
                                .withLabelFilter(labels(owner, pod))
                                .withStatusFilter(Set.of("running"))
                                .withShowSize(true)
                                .exec());
    }

    private synchronized Map<String, Map<String, Long>> scratch() {
        if (clock.instant().isAfter(readAt.plus(FRESH))) {
            scratchByPod = byPod(read());
            readAt = clock.instant();
        }
        return scratchByPod;
    }

    private JsonNode read() {
        String what = "sizes of volumes";
        try (EngineConnection connection = dialer.open();
                Deadline deadline = Deadline.of(connection, dialer.callTimeout())) {
            return Wire.use(
                    what,
                    deadline,
                    () -> {
                        // Engines before 23.0 do not know the type and tell everything.
                        Response answer = connection.get("/system/df?type=volume");
                        if (!answer.isSuccess()) {
                            throw EngineErrors.of(what, answer);
                        }
                        return JSON.readTree(answer.body());
                    });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException(Reason.TIMEOUT, what + ": interrupted", e);
        }
    }

    /** Sizes by volume, by the pod's UID; a volume in RAM has none. */
    static Map<String, Map<String, Long>> byPod(JsonNode usage) {
        Map<String, Map<String, Long>> byPod = new HashMap<>();
        for (JsonNode volume : usage.path("Volumes")) {
            JsonNode labels = volume.path("Labels");
            String pod = labels.path(Labels.POD_UID).asText("");
            String name = labels.path(VOLUME).asText("");
            boolean onDisk = !volume.path("Options").has("type") && !labels.has(PIN);
            long size = volume.path("UsageData").path("Size").asLong(-1);
            if (!pod.isEmpty() && !name.isEmpty() && onDisk && size >= 0) {
                byPod.computeIfAbsent(pod, _ -> new HashMap<>()).put(name, size);
            }
        }
        return byPod;
    }
}
