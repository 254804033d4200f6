package dev.burstlet.cluster;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where work goes that nobody waits for: each piece on a virtual thread of its own, the timed ones
 * started by one shared timer. After close, what is given to it is dropped.
 */
public final class Background implements AutoCloseable {
    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor timer;

    public Background(String name) {
        threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name(name + "-", 0).factory());
        timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name(name + "-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Runs it now. */
    public void run(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            // Closed: nobody is interested any more.
        }
    }

    /** Runs it later, unless the result is cancelled before. */
    public Alarm runAfter(Duration delay, Runnable work) {
        try {
            Future<?> planned =
                    timer.schedule(() -> run(work), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> planned.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    /** Work that is to start later. */
    @FunctionalInterface
    public interface Alarm {
        /** Lets it not start, if it has not. */
        void cancel();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        threads.shutdownNow();
    }
}
