package dev.burstlet.engine.observe;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostDescription;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the host is and how it is, looked at every few seconds. Safe for use by many threads. */
public final class HostWatch {
    private static final int IMAGES = 50;
    private static final Duration IMAGES_EVERY = Duration.ofMinutes(1);
    private static final HostDescription.SystemInfo NO_SYSTEM =
            new HostDescription.SystemInfo("linux", "", "", "", "", "", "", "");

    private final ContainerEngine engine;
    private final InstantSource clock;
    private final Consumer<HostDescription> changed;
    private volatile @Nullable EngineInfo info;
    private volatile HostDescription description;
    private HostDescription.Pressures pressures = HostDescription.Pressures.NONE;
    private List<HostDescription.Image> images = List.of();
    private Instant imagesAt = Instant.EPOCH;
    private Instant answeredAt = Instant.EPOCH;

    /**
     * @param changed told the new description when it differs
     */
    public HostWatch(
            ContainerEngine engine, InstantSource clock, Consumer<HostDescription> changed) {
        this.engine = engine;
        this.clock = clock;
        this.changed = changed;
        this.description =
                new HostDescription(
                        new HostDescription.Health(
                                false, clock.instant(), "the engine has not answered yet"),
                        NO_SYSTEM,
                        Map.of(),
                        HostDescription.Pressures.NONE,
                        List.of(),
                        List.of(),
                        "");
    }

    public HostDescription description() {
        return description;
    }

    /** What the engine last told of itself. */
    public Optional<EngineInfo> info() {
        return Optional.ofNullable(info);
    }

    /** What the engine told of itself, asked now if it never did. */
    public EngineInfo knownInfo() {
        EngineInfo known = info;
        if (known == null) {
            known = engine.info();
            info = known;
        }
        return known;
    }

    /** Asks again. */
    public synchronized void refresh() {
        try {
            EngineInfo now = engine.info();
            info = now;
            answeredAt = clock.instant();
            refreshImages();
            become(description(now, health(true, "")));
        } catch (BackendException e) {
            away(String.valueOf(e.getMessage()));
        }
    }

    /** The engine was found not to answer. */
    public synchronized void away(String cause) {
        HostDescription before = description;
        become(
                new HostDescription(
                        health(false, cause),
                        before.system(),
                        before.capacity(),
                        before.pressures(),
                        before.images(),
                        before.runtimeHandlers(),
                        before.networkPodCidr(),
                        before.supplementalGroupsPolicy()));
    }

    /** What the host was found to be short of. */
    public synchronized void pressures(HostDescription.Pressures next) {
        if (next.equals(pressures)) {
            return;
        }
        pressures = next;
        HostDescription before = description;
        become(
                new HostDescription(
                        before.health(),
                        before.system(),
                        before.capacity(),
                        next,
                        before.images(),
                        before.runtimeHandlers(),
                        before.networkPodCidr(),
                        before.supplementalGroupsPolicy()));
    }

    private void become(HostDescription next) {
        boolean same = next.equals(description);
        description = next;
        if (!same) {
            changed.accept(next);
        }
    }

    private void refreshImages() {
        Instant now = clock.instant();
        if (Duration.between(imagesAt, now).compareTo(IMAGES_EVERY) < 0) {
            return;
        }
        imagesAt = now;
        images =
                engine.listImages().stream()
                        .sorted(Comparator.comparingLong(ImageInfo::sizeBytes).reversed())
                        .limit(IMAGES)
                        .map(HostWatch::image)
                        .toList();
    }

    private static HostDescription.Image image(ImageInfo image) {
        return new HostDescription.Image(
                Stream.concat(image.digests().stream(), image.tags().stream()).limit(5).toList(),
                image.sizeBytes());
    }

    private HostDescription description(EngineInfo now, HostDescription.Health health) {
        Map<String, Quantity> capacity = new HashMap<>();
        capacity.put("cpu", new Quantity(Long.toString(now.cpuMillis()), "m"));
        capacity.put("memory", new Quantity(Long.toString(now.memoryBytes())));
        if (now.diskBytes() > 0) {
            capacity.put("ephemeral-storage", new Quantity(Long.toString(now.diskBytes())));
        }
        return new HostDescription(
                health,
                now.system(),
                capacity,
                pressures,
                images,
                now.runtimeHandlers(),
                now.podCidr(),
                now.features().contains(EngineInfo.Feature.SUPPLEMENTAL_GROUPS_POLICY));
    }

    private HostDescription.Health health(boolean reachable, String cause) {
        HostDescription.Health before = description.health();
        if (before.reachable() == reachable) {
            return new HostDescription.Health(reachable, before.since(), cause);
        }
        // It may have been away for as long as it took to see that it does not answer.
        return new HostDescription.Health(
                reachable, reachable ? clock.instant() : answeredAt, cause);
    }
}
