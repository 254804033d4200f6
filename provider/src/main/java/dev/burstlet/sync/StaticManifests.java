package dev.burstlet.sync;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.pod.Support;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of a manifest directory (Kubernetes: create static Pods): one in each file that does not
 * begin with a dot, named after the node too. A pod's UID is a hash of what it is, so that a
 * changed file is another pod.
 */
final class StaticManifests {
    static final String HASH = "kubernetes.io/config.hash";
    static final String SOURCE = "kubernetes.io/config.source";
    static final String SEEN = "kubernetes.io/config.seen";
    private static final Logger LOG = LoggerFactory.getLogger(StaticManifests.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final @Nullable Path folder;
    private final String node;
    private final InstantSource clock;
    private final Map<Path, Known> known = new HashMap<>();

    /** A file as it was read last; no pod where it holds none that can be run. */
    private record Known(String text, @Nullable Pod pod) {}

    StaticManifests(@Nullable Path folder, String node, InstantSource clock) {
        this.folder = folder;
        this.node = node;
        this.clock = clock;
    }

    /**
     * The pods by UID.
     *
     * @throws IOException where the directory cannot be read: it is not known then what is wanted
     */
    Map<String, Pod> read() throws IOException {
        if (folder == null) {
            return Map.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> listed = Files.newDirectoryStream(folder)) {
            listed.forEach(files::add);
        }
        files.removeIf(file -> String.valueOf(file.getFileName()).startsWith("."));
        files.sort(null);
        known.keySet().retainAll(files);
        Map<String, Pod> pods = new LinkedHashMap<>();
        for (Path file : files) {
            @Nullable Pod pod = Files.isRegularFile(file) ? read(file) : null;
            if (pod != null) {
                pods.put(pod.getMetadata().getUid(), pod);
            }
        }
        return pods;
    }

    private @Nullable Pod read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        @Nullable Known before = known.get(file);
        if (before != null && before.text().equals(text)) {
            return before.pod();
        }
        Pod pod = null;
        try {
            pod = pod(file, Serialization.unmarshal(text, Pod.class));
        } catch (RuntimeException e) {
            // The libraries that read it throw what they like; the other files are read on.
            LOG.error("Static pod {} of node {} is not run: {}", file, node, e.getMessage());
        }
        known.put(file, new Known(text, pod));
        return pod;
    }

    private Pod pod(Path file, @Nullable Pod written) {
        if (written == null || !"Pod".equals(written.getKind())) {
            throw new IllegalArgumentException("it is no Pod");
        }
        PodSpec spec = written.getSpec();
        String name = written.getMetadata() == null ? null : written.getMetadata().getName();
        if (name == null || spec == null || spec.getContainers().isEmpty()) {
            throw new IllegalArgumentException("metadata.name or spec.containers is missing");
        }
        requireNoReferences(written);
        String hash = hash(file, written);
        Pod pod = shaped(written, hash);
        List<String> refusals =
                Support.refusals(pod).stream().map(Support.Refusal::message).toList();
        if (!refusals.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", refusals));
        }
        return pod;
    }

    private static void requireNoReferences(Pod written) {
        References references = References.of(written);
        if (!references.configMaps().isEmpty()
                || !references.secrets().isEmpty()
                || !references.pullSecrets().isEmpty()
                || !references.tokens().isEmpty()
                || !references.claims().isEmpty()
                || written.getSpec().getServiceAccountName() != null) {
            throw new IllegalArgumentException("static pods may not reference API objects");
        }
    }

    /** As the kubelet shapes it, and with the defaults that an API server would have set. */
    private Pod shaped(Pod written, String hash) {
        PodSpec spec = written.getSpec();
        String namespace =
                Objects.requireNonNullElse(written.getMetadata().getNamespace(), "default");
        return new PodBuilder(written)
                .editMetadata()
                .withName(written.getMetadata().getName() + "-" + node)
                .withNamespace(namespace)
                .withUid(hash)
                .addToAnnotations(HASH, hash)
                .addToAnnotations(SOURCE, "file")
                .addToAnnotations(SEEN, clock.instant().toString())
                .endMetadata()
                .editSpec()
                .withNodeName(node)
                .withRestartPolicy(Objects.requireNonNullElse(spec.getRestartPolicy(), "Always"))
                .withDnsPolicy(Objects.requireNonNullElse(spec.getDnsPolicy(), "ClusterFirst"))
                .withTerminationGracePeriodSeconds(
                        Objects.requireNonNullElse(spec.getTerminationGracePeriodSeconds(), 30L))
                .addNewToleration()
                .withOperator("Exists")
                .withEffect("NoExecute")
                .endToleration()
                .endSpec()
                .withStatus(null)
                .build();
    }

    private String hash(Path file, Pod pod) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((node + '\0' + file + '\0').getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(JSON.writeValueAsBytes(pod)), 0, 16);
        } catch (NoSuchAlgorithmException | JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
