package dev.burstlet.sync;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.Reflector;
import dev.burstlet.pod.Reference;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind that pods refer to, each watched alone, by its name, for as long as a pod
 * refers to it. One watch serves all pods of all nodes; an immutable object is read once.
 */
final class ObjectCache<T extends HasMetadata> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String kind;
    private final Cluster cluster;
    private final SourceFactory<T> sources;
    private final Predicate<T> immutable;
    private final Map<Id, Entry> entries = new HashMap<>();

    ObjectCache(String kind, Cluster cluster, SourceFactory<T> sources, Predicate<T> immutable) {
        this.kind = kind;
        this.cluster = cluster;
        this.sources = sources;
        this.immutable = immutable;
    }

    /** Names one object within the cluster. */
    record Id(String namespace, String name) {}

    /** The API calls for one object. */
    interface SourceFactory<T extends HasMetadata> {
        Reflector.Source<T> source(Id id);
    }

    /**
     * The object as it is known; waits for the first answer of the API server.
     *
     * @param interested run when it changes, until released
     */
    Reference<T> get(Id id, Runnable interested) throws InterruptedException {
        Entry entry;
        synchronized (this) {
            entry = entries.computeIfAbsent(id, Entry::new);
            entry.interested.add(interested);
        }
        entry.reflector.start();
        return entry.await();
    }

    /** The other end of get. */
    void release(Id id, Runnable interested) {
        synchronized (this) {
            Entry entry = entries.get(id);
            if (entry == null) {
                return;
            }
            entry.interested.remove(interested);
            if (entry.interested.isEmpty()) {
                entries.remove(id);
                entry.reflector.close();
            }
        }
    }

    synchronized int size() {
        return entries.size();
    }

    private final class Entry implements Reflector.Sink<T> {
        private final Id id;
        private final Set<Runnable> interested = ConcurrentHashMap.newKeySet();
        private final CountDownLatch answered = new CountDownLatch(1);
        private final Reflector<T> reflector;
        private volatile @Nullable Reference<T> known;

        Entry(Id id) {
            this.id = id;
            this.reflector =
                    new Reflector<>(
                            kind + " " + id.namespace() + "/" + id.name(),
                            cluster,
                            sources.source(id),
                            this);
        }

        Reference<T> await() throws InterruptedException {
            boolean answer = answered.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            Reference<T> now = known;
            if (now != null) {
                return now;
            }
            return new Reference.Unreadable<>(
                    kind
                            + " "
                            + id.name()
                            + (answer ? " unknown" : ": no answer of the API server"));
        }

        @Override
        public void changed(T object) {
            set(new Reference.Present<>(object));
            if (immutable.test(object)) {
                reflector.close();
            }
        }

        @Override
        public void gone(T last) {
            set(new Reference.Missing<>());
        }

        @Override
        public void listed() {
            if (reflector.objects().isEmpty()) {
                set(new Reference.Missing<>());
            }
        }

        @Override
        public void failed(KubernetesClientException error) {
            boolean refused =
                    error.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                            || error.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED;
            if (refused && !(known instanceof Reference.Present)) {
                set(new Reference.Unreadable<>(String.valueOf(error.getMessage())));
            }
        }

        private void set(Reference<T> now) {
            if (!now.equals(known)) {
                known = now;
                answered.countDown();
                interested.forEach(Runnable::run);
            }
        }
    }
}
