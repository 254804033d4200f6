package dev.burstlet.docker.client;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Function;

/** The same call for many things at once, each on a virtual thread; budgets bound them. */
public final class Parallel {
    private Parallel() {}

    /** The results in order; the first failure when there is one, after all have ended. */
    public static <T, R> List<R> map(List<T> inputs, Function<T, R> call) {
        if (inputs.size() == 1) {
            return List.of(call.apply(inputs.getFirst()));
        }
        List<FutureTask<R>> tasks = new ArrayList<>();
        for (T input : inputs) {
            Callable<R> work = () -> call.apply(input);
            FutureTask<R> task = new FutureTask<>(work);
            tasks.add(task);
            Thread.ofVirtual().name("docker-parallel").start(task);
        }
        return join(tasks);
    }

    /** As {@link #map}, without results. */
    public static <T> void each(List<T> inputs, Consumer<T> call) {
        List<Boolean> done =
                map(
                        inputs,
                        input -> {
                            call.accept(input);
                            return true;
                        });
        assert done.size() == inputs.size();
    }

    private static <R> List<R> join(List<FutureTask<R>> tasks) {
        List<R> results = new ArrayList<>();
        BackendException failure = null;
        try {
            for (FutureTask<R> task : tasks) {
                try {
                    results.add(task.get());
                } catch (ExecutionException e) {
                    failure = failure == null ? failure(e) : failure;
                }
            }
        } catch (InterruptedException e) {
            tasks.forEach(task -> task.cancel(true));
            Thread.currentThread().interrupt();
            throw new BackendException(Reason.UNAVAILABLE, "the calls were given up", e);
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    private static BackendException failure(ExecutionException e) {
        return e.getCause() instanceof BackendException told
                ? told
                : new BackendException(Reason.ENGINE, String.valueOf(e.getCause()), e);
    }
}
