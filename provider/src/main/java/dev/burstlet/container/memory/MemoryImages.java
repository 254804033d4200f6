package dev.burstlet.container.memory;

import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.PullRequest;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The images of a host, and the registries that it pulls from: any name there is, but a few. */
final class MemoryImages {
    private static final long SIZE = 5L << 20;

    private final MemoryOptions options;
    private final Map<String, MemoryImage> byId = new LinkedHashMap<>();

    MemoryImages(MemoryOptions options) {
        this.options = options;
        options.images().forEach(reference -> add(image(ImageName.parse(reference))));
    }

    synchronized MemoryImage add(MemoryImage image) {
        byId.put(image.info().id(), image);
        return image;
    }

    synchronized Optional<MemoryImage> find(String reference) {
        @Nullable MemoryImage direct = byId.get(reference);
        if (direct != null) {
            return Optional.of(direct);
        }
        return ImageName.find(reference)
                .flatMap(name ->
                        byId.values().stream()
                                .filter(image -> names(image.info(), name))
                                .findFirst());
    }

    private static boolean names(ImageInfo image, ImageName name) {
        return name.digest().isEmpty()
                ? image.tags().contains(name.tagged())
                : image.digests().contains(name.repository() + "@" + name.digest());
    }

    synchronized List<ImageInfo> list() {
        return byId.values().stream().map(MemoryImage::info).toList();
    }

    synchronized void remove(String id) {
        byId.remove(id);
    }

    ImageInfo pull(PullRequest request) throws InterruptedException {
        ImageName name = ImageName.parse(request.reference());
        String failed = "failed to pull image \"" + request.reference() + "\": ";
        switch (name.registry()) {
            case "missing.invalid" ->
                    throw new BackendException(Reason.IMAGE_PULL, failed + "not found");
            case "down.invalid" ->
                    throw new BackendException(
                            Reason.REGISTRY_UNAVAILABLE, failed + "registry does not answer");
            case "platform.invalid" ->
                    throw new BackendException(
                            Reason.IMAGE_PLATFORM, failed + "no matching manifest for linux/amd64");
            case "private.invalid" -> {
                if (request.credentials().isEmpty()) {
                    throw new BackendException(Reason.IMAGE_PULL, failed + "access denied");
                }
            }
            case "slow.invalid" -> Thread.sleep(options.slowPull());
            default -> {}
        }
        Optional<MemoryImage> present = find(request.reference());
        return present.orElseGet(() -> add(image(name))).info();
    }

    private static MemoryImage image(ImageName name) {
        String digest = name.digest().isEmpty() ? "sha256:" + sha256(name.tagged()) : name.digest();
        String id = "sha256:" + sha256("config of " + name.repository() + digest);
        ImageInfo info =
                new ImageInfo(
                        id,
                        name.tag().isEmpty() ? List.of() : List.of(name.tagged()),
                        List.of(name.repository() + "@" + digest),
                        SIZE,
                        "",
                        "linux",
                        "amd64",
                        false);
        boolean shell = name.path().endsWith("busybox") || name.path().endsWith("alpine");
        return new MemoryImage(
                info, List.of(), shell ? List.of("sh") : List.of(), List.of(), "", "");
    }

    private static String sha256(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
