package dev.burstlet.docker.translate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.pod.PodKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what the engine says of sandboxes and containers. */
public final class StatusReader {
    /** What runtimes under a kubelet tell of a process that could not be started. */
    private static final int START_ERROR = 128;

    private StatusReader() {}

    /** A sandbox out of one entry of the list of containers; empty where it is not one of ours. */
    public static Optional<SandboxStatus> sandbox(JsonNode entry) {
        Map<String, String> labels = labels(entry.path("Labels"));
        Optional<PodKey> pod = Labels.podKey(labels);
        if (pod.isEmpty()) {
            return Optional.empty();
        }
        boolean ready = entry.path("State").asText().equals("running");
        return Optional.of(
                new SandboxStatus(
                        entry.path("Id").asText(),
                        pod.get(),
                        Labels.attempt(labels),
                        ready,
                        Instant.ofEpochSecond(entry.path("Created").asLong()),
                        ready ? addresses(entry) : List.of(),
                        labels));
    }

    /**
     * A container out of its inspection; empty where it is not one of ours.
     *
     * @param imageRef for a pod's imageID
     */
    public static Optional<ContainerStatus> container(JsonNode inspected, String imageRef) {
        JsonNode config = inspected.path("Config");
        Map<String, String> labels = labels(config.path("Labels"));
        Optional<PodKey> pod = Labels.podKey(labels);
        if (pod.isEmpty()) {
            return Optional.empty();
        }
        Instant created = time(inspected.path("Created")).orElse(Instant.EPOCH);
        return Optional.of(
                new ContainerStatus(
                        inspected.path("Id").asText(),
                        pod.get(),
                        labels.getOrDefault(Names.SANDBOX_LABEL, ""),
                        labels.getOrDefault(Labels.CONTAINER_NAME, ""),
                        ContainerKind.of(labels.getOrDefault(Labels.CONTAINER_KIND, "")),
                        Labels.attempt(labels),
                        labels.getOrDefault(Names.IMAGE_LABEL, config.path("Image").asText()),
                        imageRef,
                        created,
                        state(inspected.path("State"), created),
                        resources(inspected.path("HostConfig")),
                        user(config, inspected.path("HostConfig")),
                        labels));
    }

    /** The state out of an inspection's State. */
    public static State state(JsonNode state, Instant created) {
        if (state.path("Running").asBoolean()) {
            return new State.Running(time(state.path("StartedAt")).orElse(created));
        }
        int exitCode = state.path("ExitCode").asInt();
        String error = state.path("Error").asText("").strip();
        Optional<Instant> finished = time(state.path("FinishedAt"));
        if (finished.isPresent()) {
            Instant started = time(state.path("StartedAt")).orElse(created);
            String reason = reason(state, exitCode);
            // The engine may note a short process's end a moment before its start.
            Instant ended = finished.get().isBefore(started) ? started : finished.get();
            return new State.Exited(exitCode, 0, reason, error, started, ended);
        }
        if (exitCode != 0) {
            return new State.Exited(START_ERROR, 0, "StartError", error, created, created);
        }
        return new State.Created();
    }

    private static String reason(JsonNode state, int exitCode) {
        if (state.path("OOMKilled").asBoolean()) {
            return "OOMKilled";
        }
        return exitCode == 0 ? "Completed" : "Error";
    }

    public static Map<String, String> labels(JsonNode node) {
        Map<String, String> labels = new LinkedHashMap<>();
        node.properties().forEach(entry -> labels.put(entry.getKey(), entry.getValue().asText()));
        return labels;
    }

    private static List<String> addresses(JsonNode entry) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode network : entry.path("NetworkSettings").path("Networks")) {
            add(addresses, network.path("IPAddress").asText(""));
            add(addresses, network.path("GlobalIPv6Address").asText(""));
        }
        return addresses;
    }

    private static void add(List<String> addresses, String address) {
        if (!address.isEmpty()) {
            addresses.add(address);
        }
    }

    private static Resources resources(JsonNode host) {
        return new Resources(
                limit(host, "CpuShares"),
                limit(host, "CpuQuota"),
                limit(host, "CpuPeriod"),
                limit(host, "Memory"),
                host.path("OomScoreAdj").asInt(),
                limit(host, "PidsLimit"));
    }

    private static long limit(JsonNode host, String key) {
        return Math.max(0, host.path(key).asLong());
    }

    /** Only numbers tell: names are the image's own affair. */
    private static ContainerStatus.@Nullable User user(JsonNode config, JsonNode host) {
        String[] parts = config.path("User").asText("").split(":", 2);
        if (parts.length < 2 || !numeric(parts[0]) || !numeric(parts[1])) {
            return null;
        }
        long gid = Long.parseLong(parts[1]);
        List<Long> groups = new ArrayList<>();
        groups.add(gid);
        for (JsonNode group : host.path("GroupAdd")) {
            if (numeric(group.asText())) {
                groups.add(Long.valueOf(group.asText()));
            }
        }
        return new ContainerStatus.User(Long.parseLong(parts[0]), gid, groups);
    }

    private static boolean numeric(String text) {
        return text.matches("[0-9]{1,18}");
    }

    /** The engine's zero time is none. */
    private static Optional<Instant> time(JsonNode node) {
        try {
            Instant time = Instant.parse(node.asText(""));
            return time.isAfter(Instant.EPOCH) ? Optional.of(time) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
