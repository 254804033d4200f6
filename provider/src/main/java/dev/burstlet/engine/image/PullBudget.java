package dev.burstlet.engine.image;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.PullRequest;
import dev.burstlet.pod.BackendException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;

/**
 * Pulls on one host: equal requests share one pull, and only so many run at once. A pull goes on
 * when one of those who wait for it gives up, as another may still want it.
 */
final class PullBudget {
    private final ContainerEngine engine;
    private final Semaphore permits;
    private final ConcurrentMap<PullRequest, FutureTask<ImageInfo>> running =
            new ConcurrentHashMap<>();

    PullBudget(ContainerEngine engine, int parallel) {
        this.engine = engine;
        this.permits = new Semaphore(parallel, true);
    }

    ImageInfo pull(PullRequest request) throws InterruptedException {
        FutureTask<ImageInfo> mine = new FutureTask<>(() -> pullNow(request));
        FutureTask<ImageInfo> shared = running.putIfAbsent(request, mine);
        if (shared == null) {
            shared = mine;
            Thread.ofVirtual()
                    .name("pull-" + request.reference())
                    .start(() -> {
                        try {
                            mine.run();
                        } finally {
                            running.remove(request, mine);
                        }
                    });
        }
        try {
            return shared.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BackendException failed
                    ? failed
                    : new BackendException(
                            BackendException.Reason.ENGINE, String.valueOf(e.getMessage()), e);
        } catch (CancellationException e) {
            throw new BackendException(
                    BackendException.Reason.IMAGE_PULL, "the pull was given up", e);
        }
    }

    private ImageInfo pullNow(PullRequest request) throws InterruptedException {
        permits.acquire();
        try {
            return engine.pullImage(request);
        } finally {
            permits.release();
        }
    }
}
