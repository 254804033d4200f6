package dev.burstlet.hyper.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.desired.TranslationSettings;
import dev.burstlet.engine.pressure.EvictionRules;
import dev.burstlet.hyper.proto.agent.V1;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose the agent is, kept in a file: an agent that starts while its control side is away has to
 * know which pods it keeps. The file holds no secret; who removes it, while no pod is left, frees
 * the agent for another owner.
 *
 * @param client the subject of the owner's certificate
 */
record Binding(
        String cluster,
        String node,
        String client,
        String apiServerHost,
        int apiServerPort,
        List<String> extendedResources,
        Map<String, String> evictionHard,
        long evictionTransitionSeconds,
        long podPidsLimit,
        @Nullable Map<String, String> seccompProfiles) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "agent-owner.json";

    Binding {
        extendedResources = List.copyOf(extendedResources);
        evictionHard = Map.copyOf(evictionHard);
        // A file of an earlier release has none.
        seccompProfiles = Map.copyOf(Objects.requireNonNullElse(seccompProfiles, Map.of()));
    }

    static Binding of(Owner owner, String client, V1.NodeSettings settings) {
        return new Binding(
                owner.cluster(),
                owner.node(),
                client,
                settings.getApiServerHost(),
                settings.getApiServerPort(),
                settings.getExtendedResourcesList().stream().sorted().toList(),
                settings.getEvictionHardMap(),
                settings.getEvictionTransitionSeconds(),
                Math.max(settings.getPodPidsLimit(), 0),
                settings.getSeccompProfilesMap());
    }

    Owner owner() {
        return new Owner(cluster, node);
    }

    /** What the control side does not name is as a kubelet has it. */
    EvictionRules eviction() {
        return evictionHard.isEmpty()
                ? EvictionRules.KUBELET
                : EvictionRules.of(evictionHard, Duration.ofSeconds(evictionTransitionSeconds));
    }

    TranslationSettings translation() {
        TranslationSettings settings =
                TranslationSettings.DEFAULT
                        .withExtendedResources(Set.copyOf(extendedResources))
                        .withPodPidsLimit(podPidsLimit)
                        .withSeccompProfiles(Objects.requireNonNull(seccompProfiles));
        return apiServerHost.isEmpty()
                ? settings
                : settings.withApiServer(apiServerHost, apiServerPort);
    }

    /** The one of a folder; none where the agent was never bound. */
    static Optional<Binding> read(Path folder) throws IOException {
        try {
            return Optional.of(
                    JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), Binding.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IOException(
                    folder.resolve(FILE) + " is no agent's owner: " + e.getOriginalMessage(), e);
        }
    }

    /** Whole or not at all. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path whole = Files.createTempFile(folder, "agent-owner", ".new");
        Files.write(whole, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
        Files.move(
                whole,
                folder.resolve(FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
