package dev.burstlet.docker.container;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Work that is done once for all who ask for it at the same time, by the first of them. */
final class SingleRuns<T> {
    private final ConcurrentMap<String, FutureTask<T>> underWay = new ConcurrentHashMap<>();

    /** Does the work, or waits for the one who is at it; both get the same result or failure. */
    T join(String key, Callable<T> work) {
        FutureTask<T> mine = new FutureTask<>(work);
        @Nullable FutureTask<T> theirs = underWay.putIfAbsent(key, mine);
        if (theirs != null) {
            return result(theirs);
        }
        try {
            mine.run();
        } finally {
            underWay.remove(key, mine);
        }
        return result(mine);
    }

    private T result(FutureTask<T> task) {
        // Done already where the work was ours, even by a thread that was interrupted meanwhile.
        if (task.state() == FutureTask.State.SUCCESS) {
            return task.resultNow();
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BackendException told
                    ? told
                    : new BackendException(Reason.ENGINE, String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException(Reason.UNAVAILABLE, "the call was given up", e);
        }
    }
}
