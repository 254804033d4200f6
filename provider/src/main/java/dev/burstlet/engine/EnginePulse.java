package dev.burstlet.engine;

import dev.burstlet.engine.observe.HostWatch;
import dev.burstlet.pod.BackendException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the host every few seconds and at the whole engine every minute, or when told to. */
final class EnginePulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EnginePulse.class);

    private final HostWatch host;
    private static final Duration MEASURE_EVERY = Duration.ofSeconds(30);

    private final Runnable sweep;
    private final Runnable collect;
    private final Runnable measure;
    private final Runnable pressure;
    private final Duration hostEvery;
    private final long sweepEvery;
    private final long collectEvery;
    private final long measureEvery;
    private final Semaphore beats = new Semaphore(0);
    private @Nullable Thread thread;

    EnginePulse(
            HostWatch host,
            Runnable sweep,
            Runnable collect,
            Runnable measure,
            Runnable pressure,
            PodEngineSettings settings) {
        this.host = host;
        this.sweep = sweep;
        this.collect = collect;
        this.measure = measure;
        this.pressure = pressure;
        this.measureEvery = Math.max(1, MEASURE_EVERY.dividedBy(settings.hostEvery()));
        this.collectEvery = Math.max(1, settings.images().every().dividedBy(settings.hostEvery()));
        this.hostEvery = settings.hostEvery();
        this.sweepEvery = Math.max(1, settings.lookEvery().dividedBy(settings.hostEvery()));
    }

    synchronized void start() {
        thread = Thread.ofVirtual().name("engine pulse").start(this::run);
    }

    /** The engine is back: look at everything now. */
    void beat() {
        beats.release();
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        long round = 0;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                boolean told = beats.tryAcquire(hostEvery.toMillis(), TimeUnit.MILLISECONDS);
                beats.drainPermits();
                host.refresh();
                pressure.run();
                round++;
                if (told || round % sweepEvery == 0) {
                    sweep.run();
                }
                if (round % measureEvery == 0) {
                    measure.run();
                }
                if (round % collectEvery == 0) {
                    collect.run();
                }
            } catch (InterruptedException e) {
                return;
            } catch (BackendException e) {
                LOG.warn("the engine cannot be looked at: {}", e.getMessage());
                LOG.debug("the engine cannot be looked at", e);
            } catch (RuntimeException e) {
                LOG.error("defect while looking at the engine", e);
            }
        }
    }
}
