package dev.burstlet.hyper.cri;

import com.fasterxml.jackson.databind.JsonNode;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.PullRequest;
import dev.burstlet.hyper.proto.cri.AuthConfig;
import dev.burstlet.hyper.proto.cri.Image;
import dev.burstlet.hyper.proto.cri.ImageSpec;
import dev.burstlet.hyper.proto.cri.ImageStatusRequest;
import dev.burstlet.hyper.proto.cri.ImageStatusResponse;
import dev.burstlet.hyper.proto.cri.ListContainersRequest;
import dev.burstlet.hyper.proto.cri.ListImagesRequest;
import dev.burstlet.hyper.proto.cri.PullImageRequest;
import dev.burstlet.hyper.proto.cri.RemoveImageRequest;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The images of a runtime. */
public final class Images {
    /** Roughly what a reference may be; the runtime knows it exactly. */
    private static final Pattern REFERENCE =
            Pattern.compile(
                    "([a-zA-Z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*"
                            + "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@[a-z0-9]+:[a-f0-9]{32,})?");

    private final CriConnection connection;
    private final Supplier<RuntimeFacts> facts;
    private final Deadlines deadlines;
    private final Map<String, Platform> platforms = new ConcurrentHashMap<>();

    public Images(CriConnection connection, Supplier<RuntimeFacts> facts, Deadlines deadlines) {
        this.connection = connection;
        this.facts = facts;
        this.deadlines = deadlines;
    }

    public Optional<ImageInfo> status(String reference) {
        return wire(reference, false).map(response -> info(response.getImage()));
    }

    /**
     * The user, a name or a number, that an image's containers run as by default; empty for root or
     * where the image is not there. Without the group that the image may name: as a kubelet, which
     * leaves that to the image's accounts.
     */
    public String user(String imageId) {
        @Nullable Platform known = platforms.get(imageId);
        String user =
                known != null && !known.equals(Platform.UNKNOWN)
                        ? known.user()
                        : status(imageId).map(ImageInfo::user).orElse("");
        return user.split(":", 2)[0];
    }

    private Optional<ImageStatusResponse> wire(String reference, boolean verbose) {
        try {
            ImageStatusResponse response =
                    connection.images(
                            "status of image " + reference,
                            deadlines.ordinary(),
                            stub ->
                                    stub.imageStatus(
                                            ImageStatusRequest.newBuilder()
                                                    .setImage(spec(reference, ""))
                                                    .setVerbose(verbose)
                                                    .build()));
            return response.hasImage() ? Optional.of(response) : Optional.empty();
        } catch (BackendException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public ImageInfo pull(PullRequest request) {
        if (!REFERENCE.matcher(request.reference()).matches()) {
            throw new BackendException(
                    Reason.INVALID_IMAGE_NAME, "invalid reference format: " + request.reference());
        }
        List<Optional<AuthConfig>> attempts = new ArrayList<>();
        request.credentials().forEach(one -> attempts.add(Optional.of(auth(one))));
        if (attempts.isEmpty()) {
            attempts.add(Optional.empty());
        }
        @Nullable BackendException last = null;
        for (Optional<AuthConfig> auth : attempts) {
            try {
                return pull(request, auth);
            } catch (BackendException e) {
                if (e.reason() != Reason.IMAGE_PULL) {
                    throw e;
                }
                // The first failure is that of the best matching credential.
                last = last == null ? e : last;
            }
        }
        throw last == null ? new BackendException(Reason.IMAGE_PULL, request.reference()) : last;
    }

    private ImageInfo pull(PullRequest request, Optional<AuthConfig> auth) {
        PullImageRequest.Builder wire =
                PullImageRequest.newBuilder()
                        .setImage(spec(request.reference(), request.runtimeHandler()));
        auth.ifPresent(wire::setAuth);
        try {
            String ref =
                    connection
                            .images(
                                    "pull " + request.reference(),
                                    deadlines.pull(),
                                    stub -> stub.pullImage(wire.build()))
                            .getImageRef();
            return status(ref)
                    .or(() -> status(request.reference()))
                    .orElseThrow(() ->
                            new BackendException(
                                    Reason.IMAGE_PULL,
                                    request.reference() + " is gone after its pull"));
        } catch (BackendException e) {
            throw CriErrors.pull(e, "pull " + request.reference() + ": ");
        }
    }

    /**
     * Without the server, as a kubelet's: its name in a pull secret is no URL, and containerd takes
     * no login for another server than it reads there.
     */
    private static AuthConfig auth(PullRequest.Credential credential) {
        return AuthConfig.newBuilder()
                .setUsername(credential.username())
                .setPassword(credential.password())
                .setIdentityToken(credential.identityToken())
                .build();
    }

    public List<ImageInfo> list() {
        return connection
                .images(
                        "list images",
                        deadlines.ordinary(),
                        stub -> stub.listImages(ListImagesRequest.newBuilder().build()))
                .getImagesList()
                .stream()
                .map(this::info)
                .toList();
    }

    /** The runtime itself would remove an image that containers use. */
    public void remove(String imageId) {
        Optional<ImageInfo> image = status(imageId);
        if (image.isEmpty()) {
            return;
        }
        if (image.get().pinned()) {
            throw new BackendException(
                    Reason.CONFLICT, "image " + imageId + " is what sandboxes are made of");
        }
        Set<String> names = names(image.get());
        boolean used =
                connection
                        .runtime(
                                "list containers",
                                stub ->
                                        stub.listContainers(
                                                ListContainersRequest.newBuilder().build()))
                        .getContainersList()
                        .stream()
                        .anyMatch(container ->
                                names.contains(container.getImageRef())
                                        || names.contains(container.getImage().getImage()));
        if (used) {
            throw new BackendException(
                    Reason.CONFLICT, "image " + imageId + " is used by a container");
        }
        connection.images(
                "remove image " + imageId,
                deadlines.ordinary(),
                stub ->
                        stub.removeImage(
                                RemoveImageRequest.newBuilder()
                                        .setImage(spec(image.get().id(), ""))
                                        .build()));
    }

    private static Set<String> names(ImageInfo image) {
        List<String> names = new ArrayList<>(image.tags());
        names.addAll(image.digests());
        names.add(image.id());
        return Set.copyOf(names);
    }

    private ImageInfo info(Image image) {
        Platform platform =
                platforms.computeIfAbsent(
                        image.getId(),
                        id -> wire(id, true).map(Images::platform).orElse(Platform.UNKNOWN));
        String sandboxImage = facts.get().sandboxImage();
        return new ImageInfo(
                image.getId(),
                image.getRepoTagsList(),
                image.getRepoDigestsList(),
                image.getSize(),
                platform.user().isEmpty() ? user(image) : platform.user(),
                platform.os(),
                platform.arch(),
                image.getPinned() || image.getRepoTagsList().contains(sandboxImage));
    }

    private static String user(Image image) {
        return image.hasUid() ? Long.toString(image.getUid().getValue()) : image.getUsername();
    }

    /** What the image's own configuration says, which never changes. */
    private static Platform platform(ImageStatusResponse response) {
        JsonNode spec =
                RuntimeFacts.parse(response.getInfoOrDefault("info", "{}")).path("imageSpec");
        return new Platform(
                spec.path("os").asText(),
                spec.path("architecture").asText(),
                spec.path("config").path("User").asText());
    }

    private static ImageSpec spec(String reference, String handler) {
        return ImageSpec.newBuilder().setImage(reference).setRuntimeHandler(handler).build();
    }

    private record Platform(String os, String arch, String user) {
        private static final Platform UNKNOWN = new Platform("", "", "");
    }
}
