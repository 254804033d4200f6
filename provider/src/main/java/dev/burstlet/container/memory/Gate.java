package dev.burstlet.container.memory;

import dev.burstlet.container.EngineSettings;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * What every call goes through: the faults, the simulated latency, and the bound of parallelism.
 */
final class Gate {
    private final MemoryHost host;
    private final EngineSettings settings;
    private final Semaphore permits;
    private volatile boolean closed;

    Gate(MemoryHost host, EngineSettings settings) {
        this.host = host;
        this.settings = settings;
        this.permits = new Semaphore(Math.max(1, settings.parallelism()));
    }

    void close() {
        closed = true;
    }

    /** Lets a call of the lifecycle pass. */
    void pass(Faults.Call call) {
        try {
            enter(call);
        } catch (InterruptedException e) {
            throw givenUp();
        }
    }

    /** Lets a call pass that may be interrupted. */
    void enter(Faults.Call call) throws InterruptedException {
        if (closed) {
            throw new BackendException(Reason.UNAVAILABLE, "the engine is closed");
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Duration latency = host.options().latency().plus(host.faults().latency(call));
        if (latency.isPositive()) {
            permits.acquire();
            try {
                spend(latency);
            } finally {
                permits.release();
            }
        }
        host.faults().check(call);
    }

    private void spend(Duration latency) throws InterruptedException {
        boolean late = latency.compareTo(settings.callTimeout()) > 0;
        Thread.sleep(late ? settings.callTimeout() : latency);
        if (late) {
            throw new BackendException(
                    Reason.TIMEOUT, "host " + host.name() + " did not answer in time");
        }
    }

    /** For calls that may not throw InterruptedException. */
    static BackendException givenUp() {
        Thread.currentThread().interrupt();
        return new BackendException(Reason.TIMEOUT, "the call was given up");
    }
}
