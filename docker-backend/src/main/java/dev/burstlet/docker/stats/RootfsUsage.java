package dev.burstlet.docker.stats;

import com.github.dockerjava.api.DockerClient;
import dev.burstlet.pod.HostStats.Filesystem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of containers' writable layers. The engine walks the whole layer for each, so they are
 * looked up one after the other in the background, each again after a minute.
 */
final class RootfsUsage {
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final DockerClient docker;
    private final InstantSource clock;
    private final Map<String, Filesystem> known = new ConcurrentHashMap<>();
    private final AtomicBoolean busy = new AtomicBoolean();

    RootfsUsage(DockerClient docker, InstantSource clock) {
        this.docker = docker;
        this.clock = clock;
    }

    @Nullable Filesystem of(String containerId) {
        return known.get(containerId);
    }

    /** Begins to look up what is not known or too old, unless that goes on already. */
    void refresh(Set<String> containerIds) {
        known.keySet().retainAll(containerIds);
        Instant oldest = clock.instant().minus(FRESH);
        List<String> stale =
                containerIds.stream()
                        .filter(id -> !known.containsKey(id) || isOlder(id, oldest))
                        .toList();
        if (!stale.isEmpty() && busy.compareAndSet(false, true)) {
            Thread.ofVirtual()
                    .name("rootfs sizes")
                    .start(() -> {
                        try {
                            stale.forEach(this::lookUp);
                        } finally {
                            busy.set(false);
                        }
                    });
        }
    }

    private boolean isOlder(String id, Instant oldest) {
        Filesystem size = known.get(id);
        return size != null && size.time().isBefore(oldest);
    }

    private void lookUp(String id) {
        try {
            Long bytes = docker.inspectContainerCmd(id).withSize(true).exec().getSizeRw();
            known.put(
                    id,
                    new Filesystem(
                            clock.instant(),
                            null,
                            null,
                            bytes == null ? 0 : bytes,
                            null,
                            null,
                            null));
        } catch (RuntimeException e) {
            // Gone meanwhile, or asked for again the next time.
            known.remove(id);
        }
    }
}
