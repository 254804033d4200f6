package dev.burstlet.engine.image;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.Filter;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.Owner;
import dev.burstlet.pod.BackendException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Removes images that nothing uses when the disk is fuller than the high threshold, the least
 * recently used first, until it is below the low one: the kubelet's image garbage collection. Only
 * images that this process has seen pulled or used are candidates, as an engine may be shared with
 * others.
 */
public final class ImageCollector {
    private final ContainerEngine engine;
    private final Owner owner;
    private final ImageSupply supply;
    private final InstantSource clock;
    private final Thresholds thresholds;
    private final Map<String, Instant> firstSeen = new HashMap<>();

    /**
     * When to collect.
     *
     * @param highPercent of disk use, above which images are removed
     * @param lowPercent down to which
     * @param minAge an image younger than this stays
     */
    public record Thresholds(int highPercent, int lowPercent, Duration minAge) {
        /** The kubelet's defaults. */
        public static final Thresholds DEFAULT = new Thresholds(85, 80, Duration.ofMinutes(2));
    }

    public ImageCollector(
            ContainerEngine engine,
            Owner owner,
            ImageSupply supply,
            InstantSource clock,
            Thresholds thresholds) {
        this.engine = engine;
        this.owner = owner;
        this.supply = supply;
        this.clock = clock;
        this.thresholds = thresholds;
    }

    /**
     * One round.
     *
     * @return the bytes of the images that were removed
     */
    public synchronized long collect() {
        EngineInfo info = engine.info();
        long used = info.diskBytes() - info.diskAvailableBytes();
        if (info.diskBytes() <= 0 || used * 100 < info.diskBytes() * thresholds.highPercent()) {
            return 0;
        }
        return free(used - info.diskBytes() * thresholds.lowPercent() / 100);
    }

    /** Removes every image that nothing uses, as a kubelet whose disk is short. */
    public synchronized long collectAll() {
        return free(Long.MAX_VALUE);
    }

    private long free(long wanted) {
        long freed = 0;
        for (ImageInfo image : candidates()) {
            if (freed >= wanted) {
                break;
            }
            try {
                engine.removeImage(image.id());
                freed += image.sizeBytes();
            } catch (BackendException e) {
                // In use by somebody else, or just taken: the next one may go.
            }
        }
        return freed;
    }

    private List<ImageInfo> candidates() {
        Instant now = clock.instant();
        Set<String> inUse =
                engine.listContainers(Filter.all(owner)).stream()
                        .map(ContainerStatus::imageRef)
                        .collect(Collectors.toSet());
        return engine.listImages().stream()
                .filter(image -> !image.pinned() && supply.lastUsed(image.id()).isPresent())
                .filter(image -> !inUse.contains(image.ref()) && !inUse.contains(image.id()))
                .filter(image ->
                        Duration.between(seen(image, now), now).compareTo(thresholds.minAge()) >= 0)
                .sorted(
                        Comparator.comparing(image ->
                                Objects.requireNonNullElse(
                                        supply.lastUsed(image.id()).orElse(null), Instant.EPOCH)))
                .toList();
    }

    private Instant seen(ImageInfo image, Instant now) {
        return firstSeen.computeIfAbsent(image.id(), _ -> now);
    }
}
