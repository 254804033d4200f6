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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes images that nothing uses when the disk is fuller than the high threshold, the least
 * recently used first, until it is below the low one: the kubelet's image garbage collection. On an
 * engine that others use too only images that this process has seen used are candidates, unless it
 * is said that the engine is ours alone. Engines refuse to remove what any container uses.
 */
public final class ImageCollector {
    private static final Logger LOG = LoggerFactory.getLogger(ImageCollector.class);
    private static final String DOCKER = "docker";

    private final ContainerEngine engine;
    private final Owner owner;
    private final ImageSupply supply;
    private final InstantSource clock;
    private final ImageRules rules;
    private final Map<String, Sight> sights = new HashMap<>();

    /** What is known of an image: EPOCH where it was never seen in use. */
    private record Sight(Instant firstSeen, Instant lastUsed) {}

    public ImageCollector(
            ContainerEngine engine,
            Owner owner,
            ImageSupply supply,
            InstantSource clock,
            ImageRules rules) {
        this.engine = engine;
        this.owner = owner;
        this.supply = supply;
        this.clock = clock;
        this.rules = rules;
    }

    /**
     * One round.
     *
     * @return the bytes of the images that were removed
     */
    public synchronized long collect() {
        List<ImageInfo> unused = detect();
        EngineInfo info = engine.info();
        long used = info.diskBytes() - info.diskAvailableBytes();
        if (info.diskBytes() <= 0 || used * 100 < info.diskBytes() * rules.highPercent()) {
            return 0;
        }
        long wanted = used - info.diskBytes() * rules.lowPercent() / 100;
        long freed = free(unused, wanted, info);
        if (freed < wanted) {
            LOG.warn("{} bytes of images were to be removed and only {} could be", wanted, freed);
        }
        return freed;
    }

    /** Removes every image that nothing uses, as a kubelet whose disk is short. */
    public synchronized long collectAll() {
        return free(detect(), Long.MAX_VALUE, engine.info());
    }

    private long free(List<ImageInfo> unused, long wanted, EngineInfo info) {
        long freed = 0;
        for (ImageInfo image : candidates(unused, info)) {
            if (freed >= wanted) {
                break;
            }
            try {
                engine.removeImage(image.id());
                freed += image.sizeBytes();
                LOG.info("image {} is removed for its {} bytes", image.ref(), image.sizeBytes());
            } catch (BackendException e) {
                // In use by somebody else, or just taken: the next one may go.
                LOG.debug("image {} stays: {}", image.ref(), e.getMessage());
            }
        }
        return freed;
    }

    /** Looks at what is there and what of it our containers use; the rest is returned. */
    private List<ImageInfo> detect() {
        Instant now = clock.instant();
        Set<String> inUse = new HashSet<>();
        for (ContainerStatus container : engine.listContainers(Filter.all(owner))) {
            inUse.add(container.imageRef());
        }
        List<ImageInfo> images = engine.listImages();
        Set<String> there = new HashSet<>();
        for (ImageInfo image : images) {
            there.add(image.id());
            Sight before = sights.getOrDefault(image.id(), new Sight(now, Instant.EPOCH));
            Instant used =
                    uses(inUse, image) ? now : supply.lastUsed(image.id()).orElse(Instant.EPOCH);
            sights.put(
                    image.id(),
                    used.isAfter(before.lastUsed()) ? new Sight(before.firstSeen(), used) : before);
        }
        sights.keySet().retainAll(there);
        return images.stream().filter(image -> !uses(inUse, image)).toList();
    }

    private static boolean uses(Set<String> inUse, ImageInfo image) {
        return inUse.contains(image.id()) || image.digests().stream().anyMatch(inUse::contains);
    }

    private List<ImageInfo> candidates(List<ImageInfo> unused, EngineInfo info) {
        boolean all =
                switch (rules.scope()) {
                    case ALL -> true;
                    case USED -> false;
                    case BY_ENGINE -> !info.scheme().equals(DOCKER);
                };
        Instant now = clock.instant();
        return unused.stream()
                .filter(image -> !image.pinned())
                .filter(image -> all || sight(image).lastUsed().isAfter(Instant.EPOCH))
                .filter(image ->
                        Duration.between(sight(image).firstSeen(), now).compareTo(rules.minAge())
                                >= 0)
                .sorted(
                        Comparator.comparing((ImageInfo image) -> sight(image).lastUsed())
                                .thenComparing(image -> sight(image).firstSeen()))
                .toList();
    }

    private Sight sight(ImageInfo image) {
        return sights.getOrDefault(image.id(), new Sight(clock.instant(), Instant.EPOCH));
    }
}
