package dev.burstlet.app.play;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.pod.NodeContext;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Reference;
import dev.burstlet.pod.Support;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * The pods of a file of YAML documents, with the ConfigMaps and Secrets beside them. A pod's UID
 * follows from what it is, so that the same file played again finds its pods again.
 */
public final class Manifest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String NAMESPACE = "default";

    private final List<Pod> pods = new ArrayList<>();
    private final Map<String, Reference<ConfigMap>> configMaps = new HashMap<>();
    private final Map<String, Reference<Secret>> secrets = new HashMap<>();

    private Manifest() {}

    /**
     * Reads a manifest.
     *
     * @throws ConfigurationException for what is no pod, ConfigMap or Secret, or not supported
     */
    public static Manifest parse(String text) {
        Manifest manifest = new Manifest();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            while (documents.hasNext()) {
                manifest.add(documents.next());
            }
        } catch (JsonProcessingException e) {
            throw new ConfigurationException("not YAML: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
        if (manifest.pods.isEmpty()) {
            throw new ConfigurationException("there is no Pod in it");
        }
        return manifest;
    }

    /** Each pod with everything that it refers to, for one node. */
    public List<PodBundle> bundles(NodeContext node) {
        return pods.stream()
                .map(pod ->
                        new PodBundle(
                                1,
                                pod,
                                of(pod, configMaps),
                                of(pod, secrets),
                                of(pod, secrets),
                                Map.of(),
                                List.of(),
                                Map.of(),
                                Map.of(),
                                node))
                .toList();
    }

    private void add(JsonNode document) {
        if (document == null || document.isNull() || document.isEmpty()) {
            return;
        }
        String kind = document.path("kind").asText("");
        switch (kind) {
            case "Pod" -> pods.add(pod(read(document, Pod.class)));
            case "ConfigMap" -> {
                ConfigMap map = read(document, ConfigMap.class);
                configMaps.put(key(map), new Reference.Present<>(map));
            }
            case "Secret" -> {
                Secret secret = decoded(read(document, Secret.class));
                secrets.put(key(secret), new Reference.Present<>(secret));
            }
            case "List" -> document.path("items").forEach(this::add);
            default ->
                    throw new ConfigurationException(
                            "kind: '%s' is none of Pod, ConfigMap, Secret, List".formatted(kind));
        }
    }

    private static <T extends HasMetadata> T read(JsonNode document, Class<T> type) {
        T object;
        try {
            object = Serialization.unmarshal(document.toString(), type);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(type.getSimpleName() + ": " + e.getMessage());
        }
        if (object.getMetadata() == null || object.getMetadata().getName() == null) {
            throw new ConfigurationException(type.getSimpleName() + ": metadata.name is missing");
        }
        if (object.getMetadata().getNamespace() == null) {
            object.getMetadata().setNamespace(NAMESPACE);
        }
        return object;
    }

    /** As an API server would have it. */
    private static Pod pod(Pod pod) {
        PodSpec spec = pod.getSpec();
        String name = pod.getMetadata().getName();
        if (spec == null || spec.getContainers().isEmpty()) {
            throw new ConfigurationException("Pod " + name + ": spec.containers is empty");
        }
        pod.getMetadata().setUid(uid(pod));
        pod.getMetadata().setGeneration(1L);
        spec.setRestartPolicy(Objects.requireNonNullElse(spec.getRestartPolicy(), "Always"));
        // There is no cluster whose DNS could come first.
        spec.setDnsPolicy(Objects.requireNonNullElse(spec.getDnsPolicy(), "Default"));
        spec.setTerminationGracePeriodSeconds(
                Objects.requireNonNullElse(spec.getTerminationGracePeriodSeconds(), 30L));
        List<String> refusals =
                Support.refusals(pod).stream().map(Support.Refusal::message).toList();
        if (!refusals.isEmpty()) {
            throw new ConfigurationException("Pod " + name + ": " + String.join("; ", refusals));
        }
        return pod;
    }

    private static String uid(Pod pod) {
        byte[] text = Serialization.asJson(pod).getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(text).toString();
    }

    private static Secret decoded(Secret secret) {
        if (secret.getStringData() != null) {
            Map<String, String> data =
                    new HashMap<>(Objects.requireNonNullElse(secret.getData(), Map.of()));
            secret.getStringData()
                    .forEach((name, value) ->
                            data.put(
                                    name,
                                    Base64.getEncoder()
                                            .encodeToString(
                                                    value.getBytes(StandardCharsets.UTF_8))));
            secret.setData(data);
        }
        return secret;
    }

    private static String key(HasMetadata object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    /** Those of the pod's namespace, by name. */
    private static <T> Map<String, Reference<T>> of(Pod pod, Map<String, Reference<T>> all) {
        String prefix = pod.getMetadata().getNamespace() + "/";
        Map<String, Reference<T>> own = new HashMap<>();
        all.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                own.put(key.substring(prefix.length()), value);
            }
        });
        return own;
    }
}
