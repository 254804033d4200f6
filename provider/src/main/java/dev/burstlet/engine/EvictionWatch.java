package dev.burstlet.engine;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.observe.HostWatch;
import dev.burstlet.engine.pressure.Candidate;
import dev.burstlet.engine.pressure.EvictionRules;
import dev.burstlet.engine.pressure.Pressure;
import dev.burstlet.engine.pressure.Pressure.Shortage;
import dev.burstlet.engine.pressure.Ranking;
import dev.burstlet.engine.pressure.Signal.Condition;
import dev.burstlet.pod.BackendException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks how much the host has left, tells its shortages, and meets the worst: unused images first
 * where the disk is short, then one pod, then the next when that one has ended.
 */
final class EvictionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(EvictionWatch.class);

    /** As the kubelet's: a pod that does not end does not keep the others. */
    private static final Duration CLEANUP = Duration.ofSeconds(30);

    private final ContainerEngine engine;
    private final Owner owner;
    private final EvictionRules rules;
    private final HostWatch host;
    private final InstantSource clock;
    private final Runnable collectImages;
    private final Supplier<Collection<PodWorker>> workers;
    private final AtomicBoolean busy = new AtomicBoolean();
    private Pressure pressure = Pressure.NONE;
    private @Nullable PodWorker evicting;
    private Instant evictedAt = Instant.EPOCH;
    private boolean waited;

    /**
     * @param collectImages removes the images that nothing uses
     */
    EvictionWatch(
            ContainerEngine engine,
            PodEngineSettings settings,
            HostWatch host,
            InstantSource clock,
            Runnable collectImages,
            Supplier<Collection<PodWorker>> workers) {
        this.engine = engine;
        this.owner = settings.owner();
        this.rules = settings.eviction();
        this.host = host;
        this.clock = clock;
        this.collectImages = collectImages;
        this.workers = workers;
    }

    /** Begins a look in the background, unless one still goes on. */
    void begin() {
        if (!rules.thresholds().isEmpty() && busy.compareAndSet(false, true)) {
            Thread.ofVirtual().name("node pressure").start(this::look);
        }
    }

    private void look() {
        try {
            measure();
            if (pressure.worst().isPresent() && !stillEvicting()) {
                meet(pressure.worst().get());
            }
        } catch (BackendException e) {
            LOG.debug("the host's figures cannot be read: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("defect while looking for shortages", e);
        } finally {
            busy.set(false);
        }
    }

    private void measure() {
        pressure = pressure.next(rules, engine.hostFigures(owner), clock.instant());
        host.pressures(pressure.told());
    }

    private boolean stillEvicting() {
        PodWorker pod = evicting;
        return pod != null && !pod.ended() && clock.instant().isBefore(evictedAt.plus(CLEANUP));
    }

    /** Dead containers and volumes of ended pods go before images and running pods. */
    private boolean giveBack() {
        boolean any = false;
        for (PodWorker pod : workers.get()) {
            any |= pod.giveBack();
        }
        return any;
    }

    private void meet(Shortage shortage) {
        Shortage left = shortage;
        if (shortage.signal().condition() == Condition.DISK) {
            // What that brings is seen the next time; pods that end all the time hold up nothing.
            waited = giveBack() && !waited;
            if (waited) {
                return;
            }
            collectImages.run();
            measure();
            if (pressure.worst().isEmpty()) {
                return;
            }
            left = pressure.worst().get();
        }
        LOG.warn("the host is short of {}: {}", left.signal().resource(), left);
        Collection<PodWorker> pods = workers.get();
        List<Candidate> order =
                Ranking.of(left.signal(), new Candidates(engine, owner, left.signal()).of(pods));
        if (order.isEmpty()) {
            LOG.warn("no pod can be evicted to get {}", left.signal().resource());
            return;
        }
        Candidate first = order.getFirst();
        for (PodWorker pod : pods) {
            if (pod.key().equals(first.key())) {
                evicting = pod;
                evictedAt = clock.instant();
                pod.post(Letter.Failed.evicted(Ranking.message(left, first)));
            }
        }
    }
}
