package dev.burstlet.docker.client;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs calls to one host, each within its budget and its deadline. A call runs on a virtual thread
 * of its own, as the transport obeys no read time-out on unix sockets: it is given up by
 * interrupting that thread, which closes its socket.
 */
final class CallRunner {
    /** Waiting for a turn is bounded too, by so many deadlines. */
    private static final int PATIENCE = 10;

    private final String host;
    private final Map<Budget, Semaphore> budgets = new EnumMap<>(Budget.class);

    CallRunner(String host, int lifecycle, int probes, int streams) {
        this.host = host;
        budgets.put(Budget.LIFECYCLE, new Semaphore(lifecycle, true));
        budgets.put(Budget.QUERY, new Semaphore(2 * lifecycle, true));
        budgets.put(Budget.PROBE, new Semaphore(probes, true));
        budgets.put(Budget.WAIT, new Semaphore(32 * lifecycle, true));
        budgets.put(Budget.STREAM, new Semaphore(streams, true));
    }

    /** How many calls can be under way at once. */
    int connections() {
        return budgets.values().stream().mapToInt(Semaphore::availablePermits).sum();
    }

    <T> T run(Budget budget, Duration deadline, Callable<T> work) {
        Semaphore permits = permits(budget);
        acquire(permits, budget, deadline);
        try {
            return within(deadline, work);
        } finally {
            permits.release();
        }
    }

    /** Takes a place that is given back by closing the handle, for as long as a stream is open. */
    Lease lease(Budget budget, Duration patience) {
        Semaphore permits = permits(budget);
        acquire(permits, budget, patience);
        return new Lease(permits);
    }

    private Semaphore permits(Budget budget) {
        Semaphore permits = budgets.get(budget);
        if (permits == null) {
            throw new IllegalStateException("no budget " + budget);
        }
        return permits;
    }

    private void acquire(Semaphore permits, Budget budget, Duration deadline) {
        try {
            if (!permits.tryAcquire(deadline.toMillis() * PATIENCE, TimeUnit.MILLISECONDS)) {
                throw new BackendException(
                        Reason.UNAVAILABLE,
                        "Docker host " + host + " is busy: no turn for a " + budget + " call");
            }
        } catch (InterruptedException e) {
            throw givenUp(e);
        }
    }

    private <T> T within(Duration deadline, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().name("docker-call").start(task);
        try {
            return task.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new BackendException(
                    Reason.TIMEOUT,
                    "Docker host " + host + " did not answer within " + inWords(deadline),
                    e);
        } catch (InterruptedException e) {
            task.cancel(true);
            throw givenUp(e);
        } catch (ExecutionException e) {
            throw EngineFailure.of(host, e.getCause() == null ? e : e.getCause());
        }
    }

    private BackendException givenUp(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new BackendException(
                Reason.UNAVAILABLE, "the call to Docker host " + host + " was given up", cause);
    }

    private static String inWords(Duration deadline) {
        return deadline.toMillis() % 1000 == 0
                ? deadline.toSeconds() + " s"
                : deadline.toMillis() + " ms";
    }

    /** A place in a budget. */
    static final class Lease implements AutoCloseable {
        private final Semaphore permits;
        private boolean open = true;

        private Lease(Semaphore permits) {
            this.permits = permits;
        }

        @Override
        public synchronized void close() {
            if (open) {
                open = false;
                permits.release();
            }
        }
    }
}
