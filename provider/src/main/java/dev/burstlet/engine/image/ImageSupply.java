package dev.burstlet.engine.image;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.PullRequest;
import dev.burstlet.container.PullRequest.Credential;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.Reference;
import io.fabric8.kubernetes.api.model.Container;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings a container's image to the host as its pull policy says, in the kubelet's words and with
 * its back-off (10 s doubling to 5 min per pod and image). Safe for use by many threads.
 *
 * <p>An image that was pulled with a credential is not given to a pod that lacks it: such a pod
 * pulls again with what it has. Which credential that was is known only while this process lives;
 * images from before count as preloaded, like the kubelet's {@code NeverVerifyPreloadedImages}.
 */
public final class ImageSupply {
    private static final String UNAVAILABLE = "RegistryUnavailable";
    private static final Duration MIN_WAIT = Duration.ofSeconds(1);

    private final ContainerEngine engine;
    private final InstantSource clock;
    private final Duration progressDeadline;
    private final PullBudget pulls;
    private final Map<PodImage, BackOff> backOffs = new ConcurrentHashMap<>();

    private final PullRecords records = new PullRecords();

    private final Map<String, Instant> lastUsed = new ConcurrentHashMap<>();

    private record PodImage(String uid, String image) {}

    /**
     * @param progressDeadline a pull without progress for so long is given up
     */
    public ImageSupply(
            ContainerEngine engine,
            InstantSource clock,
            int maxParallelPulls,
            Duration progressDeadline) {
        this.engine = engine;
        this.clock = clock;
        this.progressDeadline = progressDeadline;
        this.pulls = new PullBudget(engine, maxParallelPulls);
    }

    /** What came of it. */
    public sealed interface Outcome {
        /** The image is there for this pod. */
        record Present(ImageInfo image) implements Outcome {}

        /** It is not; the container waits with this reason and message until then. */
        record Waiting(String reason, String message, Instant retryAt) implements Outcome {}
    }

    /** Blocks until the image is there or it is clear that it is not now. */
    public Outcome ensure(PodBundle bundle, Container container, ImageEvents events)
            throws InterruptedException {
        Outcome outcome = attempt(bundle, container, events);
        switch (outcome) {
            case Outcome.Present(ImageInfo image) -> {
                lastUsed.put(image.id(), clock.instant());
                backOffs.remove(new PodImage(bundle.key().uid(), container.getImage()));
            }
            case Outcome.Waiting(String reason, _, _) ->
                    events.event(PodEvent.Type.WARNING, "Failed", "Error: " + reason);
        }
        return outcome;
    }

    /** Forgets a pod's back-offs. */
    public void forget(String podUid) {
        backOffs.keySet().removeIf(key -> key.uid().equals(podUid));
    }

    /** When a container last asked for the image; the start of this process at the earliest. */
    Optional<Instant> lastUsed(String imageId) {
        return Optional.ofNullable(lastUsed.get(imageId));
    }

    private Outcome attempt(PodBundle bundle, Container container, ImageEvents events)
            throws InterruptedException {
        String image = container.getImage();
        Optional<ImageName> name = ImageName.parse(image);
        if (name.isEmpty()) {
            String message =
                    "Failed to apply default image tag \""
                            + image
                            + "\": couldn't parse image name \""
                            + image
                            + "\": invalid reference format";
            events.event(PodEvent.Type.WARNING, "InspectFailed", message);
            return waiting("InvalidImageName", message);
        }
        List<Credential> credentials =
                Keyring.of(bundle.pullSecrets().values()).matching(name.get());
        Optional<ImageInfo> present;
        try {
            present = engine.imageStatus(ImageName.withDefaultTag(image));
        } catch (BackendException e) {
            String message = "Failed to inspect image \"" + image + "\": " + e.getMessage();
            events.event(PodEvent.Type.WARNING, "InspectFailed", message);
            return waiting("ImageInspectError", message);
        }
        String policy = policy(container);
        if (present.isPresent()
                && !policy.equals("Always")
                && records.mayUse(present.get().id(), name.get(), credentials)) {
            events.event(
                    PodEvent.Type.NORMAL,
                    "Pulled",
                    "Container image \""
                            + image
                            + "\" already present on machine and can be accessed by the pod");
            return new Outcome.Present(present.get());
        }
        if (policy.equals("Never")) {
            return never(image, present.isPresent(), events);
        }
        tellMissing(bundle, events);
        return pullWithBackOff(bundle, image, credentials, events);
    }

    private Outcome never(String image, boolean present, ImageEvents events) {
        String message =
                present
                        ? "Container image \""
                                + image
                                + "\" is present with pull policy of Never but does not have the"
                                + " proper credentials to access the image"
                        : "Container image \""
                                + image
                                + "\" is not present with pull policy of Never";
        events.event(PodEvent.Type.WARNING, "ErrImageNeverPull", message);
        return waiting("ErrImageNeverPull", message);
    }

    private Outcome pullWithBackOff(
            PodBundle bundle, String image, List<Credential> credentials, ImageEvents events)
            throws InterruptedException {
        PodImage key = new PodImage(bundle.key().uid(), image);
        @Nullable BackOff backOff = backOffs.get(key);
        Instant now = clock.instant();
        if (backOff != null && now.isBefore(backOff.until())) {
            String message = "Back-off pulling image \"" + image + "\"";
            events.event(PodEvent.Type.NORMAL, "BackOff", message);
            return new Outcome.Waiting(
                    "ImagePullBackOff", message + ": " + backOff.lastError(), backOff.until());
        }
        events.event(PodEvent.Type.NORMAL, "Pulling", "Pulling image \"" + image + "\"");
        try {
            return new Outcome.Present(pull(image, credentials, now, events));
        } catch (BackendException e) {
            String message = "Failed to pull image \"" + image + "\": " + e.getMessage();
            events.event(PodEvent.Type.WARNING, "Failed", message);
            String reason = reason(e);
            Instant failedAt = clock.instant();
            BackOff next =
                    backOff == null || backOff.stale(failedAt)
                            ? BackOff.first(failedAt, reason + ": " + e.getMessage())
                            : backOff.next(failedAt, reason + ": " + e.getMessage());
            backOffs.put(key, next);
            return new Outcome.Waiting(
                    reason, String.valueOf(e.getMessage()), failedAt.plus(MIN_WAIT));
        }
    }

    private ImageInfo pull(
            String image, List<Credential> credentials, Instant since, ImageEvents events)
            throws InterruptedException {
        Instant started = clock.instant();
        ImageInfo pulled =
                credentials.isEmpty()
                        ? pull(image, List.of())
                        : pullWithFirstThatWorks(image, credentials);
        Instant ended = clock.instant();
        events.event(
                PodEvent.Type.NORMAL,
                "Pulled",
                "Successfully pulled image \""
                        + image
                        + "\" in "
                        + seconds(started, ended)
                        + " ("
                        + seconds(since, ended)
                        + " including waiting). Image size: "
                        + pulled.sizeBytes()
                        + " bytes.");
        return pulled;
    }

    /** As a kubelet, each in turn and none without; the failures are told together. */
    private ImageInfo pullWithFirstThatWorks(String image, List<Credential> credentials)
            throws InterruptedException {
        List<String> failures = new ArrayList<>();
        for (Credential credential : credentials) {
            try {
                return pull(image, List.of(credential));
            } catch (BackendException e) {
                if (e.reason() != BackendException.Reason.IMAGE_PULL) {
                    throw e;
                }
                failures.add(String.valueOf(e.getMessage()));
            }
        }
        List<String> different = failures.stream().distinct().toList();
        throw new BackendException(
                BackendException.Reason.IMAGE_PULL,
                different.size() == 1
                        ? different.getFirst()
                        : "[" + String.join(", ", different) + "]");
    }

    private ImageInfo pull(String image, List<Credential> credentials) throws InterruptedException {
        ImageInfo pulled =
                pulls.pull(
                        new PullRequest(
                                ImageName.withDefaultTag(image),
                                credentials,
                                progressDeadline,
                                ""));
        ImageName.parse(image).ifPresent(name -> records.pulled(pulled.id(), name, credentials));
        return pulled;
    }

    private static void tellMissing(PodBundle bundle, ImageEvents events) {
        List<String> missing =
                bundle.pullSecrets().entrySet().stream()
                        .filter(entry -> !(entry.getValue() instanceof Reference.Present<?>))
                        .map(Map.Entry::getKey)
                        .toList();
        if (!missing.isEmpty()) {
            events.event(
                    PodEvent.Type.WARNING,
                    "FailedToRetrieveImagePullSecret",
                    "Unable to retrieve some image pull secrets (%s); attempting to pull the image may not succeed."
                            .formatted(String.join(", ", missing)));
        }
    }

    private static String policy(Container container) {
        if (container.getImagePullPolicy() != null && !container.getImagePullPolicy().isEmpty()) {
            return container.getImagePullPolicy();
        }
        String suffix = ImageName.parse(container.getImage()).map(ImageName::suffix).orElse("");
        return suffix.isEmpty() || suffix.equals(":latest") ? "Always" : "IfNotPresent";
    }

    /** RegistryUnavailable, as for a kubelet, only where the runtime itself says this word. */
    private static String reason(BackendException e) {
        return switch (e.reason()) {
            case INVALID_IMAGE_NAME -> "InvalidImageName";
            case REGISTRY_UNAVAILABLE ->
                    String.valueOf(e.getMessage()).startsWith(UNAVAILABLE)
                            ? UNAVAILABLE
                            : "ErrImagePull";
            default -> "ErrImagePull";
        };
    }

    private Outcome waiting(String reason, String message) {
        return new Outcome.Waiting(reason, message, clock.instant().plus(Duration.ofSeconds(10)));
    }

    private static String seconds(Instant from, Instant to) {
        long millis = Duration.between(from, to).toMillis();
        return millis < 1000
                ? millis + "ms"
                : millis / 1000 + "." + String.format("%03d", millis % 1000) + "s";
    }
}
