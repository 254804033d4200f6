package dev.burstlet.docker.stats;

import dev.burstlet.container.HostFigures.Amount;
import dev.burstlet.docker.image.SandboxImage;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large the disk of an engine on another machine is. Its API does not tell, so that it is read
 * in a container there: seldom, as that takes half a second. Safe for use by many threads.
 */
public final class RemoteDisk {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteDisk.class);
    private static final Duration EVERY = Duration.ofMinutes(10);

    private final SandboxImage image;
    private final DockerStats stats;
    private final InstantSource clock;
    private @Nullable Amount known;
    private Instant next = Instant.EPOCH;

    public RemoteDisk(SandboxImage image, DockerStats stats, InstantSource clock) {
        this.image = image;
        this.stats = stats;
        this.clock = clock;
    }

    /** It has become another: the next look is a new one. */
    public synchronized void changed() {
        next = Instant.EPOCH;
    }

    /**
     * What there is of it and what was left of it some minutes ago; null where that cannot be read.
     *
     * @throws BackendException UNAVAILABLE or TIMEOUT where the engine does not answer
     */
    public synchronized @Nullable Amount read() {
        Instant now = clock.instant();
        if (!now.isBefore(next)) {
            next = now.plus(EVERY);
            try {
                image.ensure();
                known = stats.disk();
            } catch (BackendException e) {
                if (e.reason() == Reason.UNAVAILABLE || e.reason() == Reason.TIMEOUT) {
                    next = Instant.EPOCH;
                    throw e;
                }
                LOG.debug("the disk of the engine's host is not known: {}", e.getMessage());
            }
        }
        return known;
    }
}
