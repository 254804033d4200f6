package dev.burstlet.docker.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.PullRequest;
import dev.burstlet.container.PullRequest.Credential;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineAnswer;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.client.Filters;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The engine's images. */
public final class Images {
    private static final Map<String, Set<String>> ALSO_RUNS =
            Map.of("amd64", Set.of("386"), "arm64", Set.of("arm"));

    private final EngineClient client;

    /** By id: what pods' imageIDs are made of. Emptied when names may have changed. */
    private final Map<String, ImageInfo> known = new ConcurrentHashMap<>();

    public Images(EngineClient client) {
        this.client = client;
    }

    /** The image that a reference or an id names. */
    public Optional<ImageInfo> status(String reference) {
        String lookup =
                ImageReference.isId(reference)
                        ? reference
                        : ImageReference.parse(reference).lookup();
        EngineAnswer answer =
                client.send(
                        Budget.QUERY,
                        client.callTimeout(),
                        EngineRequest.get("/images/" + lookup + "/json"));
        if (answer.status() == 404) {
            return Optional.empty();
        }
        if (!answer.ok()) {
            throw client.failure(answer);
        }
        ImageInfo image = inspected(client.parse(answer));
        known.put(image.id(), image);
        return Optional.of(image);
    }

    /**
     * For a pod's imageID: a digest reference of the image, of the repository of the given
     * reference where it has one there, else the id.
     */
    public String ref(String imageId, String reference) {
        @Nullable ImageInfo image = known(imageId).orElse(null);
        if (image == null || image.digests().isEmpty()) {
            return imageId;
        }
        if (!ImageReference.isId(reference)) {
            String repository = ImageReference.parse(reference).name() + "@";
            for (String digest : image.digests()) {
                if (digest.startsWith(repository)) {
                    return digest;
                }
            }
        }
        return image.digests().getFirst();
    }

    /** Pulls an image, with each credential in turn, or with none where there are none. */
    public ImageInfo pull(PullRequest request) {
        ImageReference reference = ImageReference.parse(request.reference());
        List<@Nullable Credential> attempts = new ArrayList<>(request.credentials());
        if (attempts.isEmpty()) {
            attempts.add(null);
        }
        BackendException refused = null;
        for (@Nullable Credential credential : attempts) {
            try {
                new ImagePull(client, reference, request.progressDeadline()).run(credential);
                known.clear();
                return pulled(request.reference());
            } catch (BackendException e) {
                if (!PullFailure.isAccess(e)) {
                    throw e;
                }
                refused = refused == null ? e : refused;
            }
        }
        throw refused == null
                ? new BackendException(Reason.IMAGE_PULL, "no pull was tried")
                : refused;
    }

    /** The image of an id, looked at once. */
    Optional<ImageInfo> known(String imageId) {
        @Nullable ImageInfo image = known.get(imageId);
        return image == null ? status(imageId) : Optional.of(image);
    }

    /** All images. */
    public List<ImageInfo> list() {
        List<ImageInfo> images = new ArrayList<>();
        for (JsonNode entry : client.call(Budget.QUERY, EngineRequest.get("/images/json"))) {
            images.add(listed(entry));
        }
        return images;
    }

    /** Removes an image with all its names. */
    public void remove(String imageId) {
        Optional<ImageInfo> image = status(imageId);
        if (image.isEmpty()) {
            return;
        }
        if (image.get().pinned()) {
            throw new BackendException(Reason.CONFLICT, "the sandbox image is not to be removed");
        }
        refuseIfUsed(imageId);
        known.clear();
        EngineAnswer answer =
                client.send(
                        Budget.LIFECYCLE,
                        client.callTimeout(),
                        EngineRequest.delete("/images/" + image.get().id() + "?force=1"));
        if (!answer.ok() && answer.status() != 404) {
            throw client.failure(answer);
        }
    }

    private void refuseIfUsed(String imageId) {
        String users =
                "/containers/json?all=1&" + Filters.query(Map.of("ancestor", List.of(imageId)));
        if (!client.call(Budget.QUERY, EngineRequest.get(users)).isEmpty()) {
            throw new BackendException(
                    Reason.CONFLICT, "image " + imageId + " is used by a container");
        }
    }

    private ImageInfo pulled(String reference) {
        ImageInfo image =
                status(reference)
                        .orElseThrow(() ->
                                new BackendException(
                                        Reason.IMAGE_PULL,
                                        reference + " was pulled and is not there"));
        String arch = client.engineVersion().path("Arch").asText();
        if (!image.arch().isEmpty()
                && !image.arch().equals(arch)
                && !ALSO_RUNS.getOrDefault(arch, Set.of()).contains(image.arch())) {
            throw new BackendException(
                    Reason.IMAGE_PLATFORM,
                    reference
                            + " is for "
                            + image.os()
                            + "/"
                            + image.arch()
                            + ", the host is "
                            + arch);
        }
        return image;
    }

    private static ImageInfo inspected(JsonNode image) {
        List<String> tags = strings(image.path("RepoTags"));
        return new ImageInfo(
                image.path("Id").asText(),
                tags,
                strings(image.path("RepoDigests")),
                image.path("Size").asLong(),
                image.path("Config").path("User").asText(""),
                image.path("Os").asText(""),
                image.path("Architecture").asText(""),
                tags.stream().anyMatch(SandboxImage::matches));
    }

    private static ImageInfo listed(JsonNode image) {
        List<String> tags = strings(image.path("RepoTags"));
        return new ImageInfo(
                image.path("Id").asText(),
                tags,
                strings(image.path("RepoDigests")),
                image.path("Size").asLong(),
                "",
                "",
                "",
                tags.stream().anyMatch(SandboxImage::matches));
    }

    /** Without the engine's {@code <none>}. */
    private static List<String> strings(JsonNode node) {
        List<String> strings = new ArrayList<>();
        for (JsonNode value : node) {
            if (!value.asText().startsWith("<none>")) {
                strings.add(value.asText());
            }
        }
        return strings;
    }
}
