package dev.burstlet.hyper.remote;

import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodReport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of an agent, whether it is there or not: the newest bundle and the deletion of
 * each pod until it is gone. An agent that lost its memory is told all of it again.
 */
final class Wishes {
    private final Map<String, Wish> byUid = new ConcurrentHashMap<>();
    private final Delivery delivery;

    /** Tells the agent. */
    interface Delivery {
        /** Whether it is known to have arrived. */
        boolean wanted(PodBundle bundle);

        /** Whether it is known to have arrived. */
        boolean unwanted(PodKey key, Deletion deletion);
    }

    Wishes(Delivery delivery) {
        this.delivery = delivery;
    }

    void want(PodBundle bundle) {
        with(
                bundle.key(),
                wish -> {
                    PodBundle before = wish.bundle;
                    if (before == null || before.revision() <= bundle.revision()) {
                        wish.bundle = bundle;
                        wish.bundleTold = false;
                    }
                    wish.tell();
                });
    }

    void unwant(PodKey key, Deletion deletion) {
        with(
                key,
                wish -> {
                    wish.deletion = deletion;
                    wish.deletionTold = false;
                    wish.tell();
                });
    }

    /** The agent knows nothing any more. */
    void forgotten() {
        byUid.values()
                .forEach(wish -> {
                    wish.lock.lock();
                    try {
                        wish.bundleTold = false;
                        wish.deletionTold = false;
                    } finally {
                        wish.lock.unlock();
                    }
                });
    }

    /** Tells what was not told yet. */
    void deliver() {
        byUid.values()
                .forEach(wish -> {
                    wish.lock.lock();
                    try {
                        wish.tell();
                    } finally {
                        wish.lock.unlock();
                    }
                });
    }

    /**
     * Whether a report says something that we do not know better: an agent that was restarted tells
     * of a pod by its labels alone, until it has the bundle again.
     */
    boolean isNews(PodReport report) {
        if (report.stage() == PodReport.Stage.REMOVED) {
            return true;
        }
        Wish wish = byUid.get(report.key().uid());
        return report.revision() != 0 || wish == null || wish.bundle == null;
    }

    /** A pod is gone from the host: who wanted that has it. */
    void removed(PodKey key) {
        byUid.computeIfPresent(
                key.uid(), (_, wish) -> wish.deletion != null || wish.ending() ? null : wish);
    }

    private void with(PodKey key, java.util.function.Consumer<Wish> work) {
        Wish wish = byUid.computeIfAbsent(key.uid(), _ -> new Wish(key));
        wish.lock.lock();
        try {
            work.accept(wish);
        } finally {
            wish.lock.unlock();
        }
    }

    private final class Wish {
        private final PodKey key;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile @Nullable PodBundle bundle;
        private volatile @Nullable Deletion deletion;
        private boolean bundleTold;
        private boolean deletionTold;

        private Wish(PodKey key) {
            this.key = key;
        }

        private boolean ending() {
            PodBundle wanted = bundle;
            return wanted != null && wanted.pod().getMetadata().getDeletionTimestamp() != null;
        }

        private void tell() {
            PodBundle wanted = bundle;
            if (wanted != null && !bundleTold) {
                bundleTold = delivery.wanted(wanted);
            }
            Deletion unwanted = deletion;
            // In this order: a bundle after a deletion would be another wish to have the pod.
            if (unwanted != null && !deletionTold && (wanted == null || bundleTold)) {
                deletionTold = delivery.unwanted(key, unwanted);
            }
        }
    }
}
