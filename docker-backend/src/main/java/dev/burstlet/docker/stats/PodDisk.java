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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    private Instant readAt = Instant.EPOCH;
    private Map<String, Map<String, Long>> scratchByPod = Map.of();

    public PodDisk(DockerClient docker, EngineDialer dialer, InstantSource clock) {
        this.docker = docker;
        this.dialer = dialer;
        this.clock = clock;
    }

    /** As {@link dev.burstlet.container.ContainerEngine#diskUsage}. */
    public DiskUsage of(Owner owner, PodKey pod) {
        return new DiskUsage(layers(owner, pod), scratch().getOrDefault(pod.uid(), Map.of()));
    }

    private Map<String, Long> layers(Owner owner, PodKey pod) {
        Map<String, String> labels =
                Map.of(
                        Labels.CLUSTER, owner.cluster(),
                        Labels.NODE, owner.node(),
                        Labels.POD_UID, pod.uid());
        List<Container> running =
                EngineErrors.call(
                        "containers",
                        () ->
                                docker.listContainersCmd()
                                        .withLabelFilter(labels)
                                        .withStatusFilter(Set.of("running"))
                                        .withShowSize(true)
                                        .exec());
        Map<String, Long> layers = new HashMap<>();
        for (Container container : running) {
            String name = container.getLabels().get(Labels.CONTAINER_NAME);
            if (name != null && container.getSizeRw() != null) {
                layers.put(name, container.getSizeRw());
            }
        }
        return layers;
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
