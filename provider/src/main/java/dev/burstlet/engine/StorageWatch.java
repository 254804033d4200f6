package dev.burstlet.engine;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.Owner;
import dev.burstlet.pod.BackendException;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the pods evicted that use more local storage than their limits. Only pods that have such
 * limits are measured: an engine walks directories to know.
 */
final class StorageWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StorageWatch.class);

    private final ContainerEngine engine;
    private final Owner owner;
    private final Supplier<Collection<PodWorker>> workers;
    private final AtomicBoolean busy = new AtomicBoolean();

    StorageWatch(ContainerEngine engine, Owner owner, Supplier<Collection<PodWorker>> workers) {
        this.engine = engine;
        this.owner = owner;
        this.workers = workers;
    }

    /** Begins to measure in the background, unless that still goes on. */
    void begin() {
        if (busy.compareAndSet(false, true)) {
            Thread.ofVirtual().name("storage limits").start(this::measure);
        }
    }

    private void measure() {
        try {
            workers.get().forEach(this::measure);
        } catch (BackendException e) {
            LOG.debug("local storage cannot be measured: {}", e.getMessage());
        } finally {
            busy.set(false);
        }
    }

    private void measure(PodWorker worker) {
        @Nullable Wanted wanted = worker.view().wanted();
        if (wanted == null || !worker.active()) {
            return;
        }
        var spec = wanted.bundle().pod().getSpec();
        if (StorageRules.limited(spec)) {
            StorageRules.exceeded(spec, engine.diskUsage(owner, worker.key()))
                    .ifPresent(message -> worker.post(Letter.Failed.exceeded(message)));
        }
    }
}
