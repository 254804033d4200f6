package dev.burstlet.engine;

import dev.burstlet.engine.plan.Observed;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The worker of each pod, by the pod's UID. Safe for use by many threads. */
final class Workers {
    private final Pods pods;
    private final Map<String, PodWorker> byUid = new ConcurrentHashMap<>();

    /** Those that went while the engine is being listed: the list may show them still. */
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    private volatile boolean adopted;

    Workers(Pods pods) {
        this.pods = pods;
    }

    @Nullable PodWorker get(String uid) {
        return byUid.get(uid);
    }

    /** A pod that nothing was found of needs no look before it is started. */
    PodWorker of(PodKey key) {
        return byUid.computeIfAbsent(
                key.uid(), _ -> new PodWorker(key, pods, adopted ? Observed.NOTHING : null));
    }

    Collection<PodWorker> all() {
        return byUid.values();
    }

    /** The bundles of the pods that have a sandbox; empty where none was told since a restart. */
    List<Optional<PodBundle>> running() {
        return byUid.values().stream()
                .map(PodWorker::view)
                .filter(view -> view.observed().readySandbox().isPresent())
                .map(view -> Optional.ofNullable(view.wanted()).map(Wanted::bundle))
                .toList();
    }

    /** Tells the worker if there is one. */
    void post(String uid, Letter letter) {
        PodWorker worker = byUid.get(uid);
        if (worker != null) {
            worker.post(letter);
        }
    }

    void postToAll(Letter letter) {
        byUid.values().forEach(worker -> worker.post(letter));
    }

    /** Whether the engine has been listed once. */
    boolean adopted() {
        return adopted;
    }

    /** Takes a list of the whole engine: what is not known is adopted, what differs looked at. */
    synchronized void adopt(Supplier<Map<PodKey, Observed>> list) {
        gone.clear();
        Map<PodKey, Observed> all = list.get();
        all.forEach(this::listed);
        for (PodWorker worker : byUid.values()) {
            if (!all.containsKey(worker.key())) {
                listed(worker.key(), Observed.NOTHING);
            }
        }
        adopted = true;
    }

    private void listed(PodKey key, Observed observed) {
        PodWorker known = byUid.get(key.uid());
        if (known != null && observed.equals(known.observed())) {
            return;
        }
        @Nullable PodWorker worker =
                byUid.computeIfAbsent(
                        key.uid(),
                        uid -> gone.contains(uid) ? null : new PodWorker(key, pods, observed));
        if (worker != null) {
            worker.post(new Letter.Listed(observed));
        }
    }

    /** Forgets a pod of which nothing is left. */
    void remove(String uid) {
        // In this order: who does not find the worker any more finds that it is gone.
        gone.add(uid);
        byUid.remove(uid);
    }

    void close() {
        byUid.values().forEach(PodWorker::close);
    }
}
