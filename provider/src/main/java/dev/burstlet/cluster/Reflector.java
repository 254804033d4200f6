package dev.burstlet.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of a set of API objects, kept by list and watch. A watch that ends goes on from the last
 * version seen, bookmarks included; one whose version is gone starts over with a list, and what the
 * list no longer has is told as gone. An object that came back under its name with another UID is
 * told as gone, then as changed. Never gives up; pauses grow to 5 s.
 */
public final class Reflector<T extends HasMetadata> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);
    private static final long PAGE = 500;
    private static final long OVERDUE = 60;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(5);

    private final String what;
    private final Cluster cluster;
    private final Source<T> source;
    private final Sink<T> sink;
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
    private final Map<String, T> objects = new ConcurrentHashMap<>();
    private volatile boolean listed;
    private volatile boolean closed;
    private volatile @Nullable String version;
    private volatile boolean startOver;
    private volatile @Nullable CompletableFuture<@Nullable WatcherException> end;
    private @Nullable Thread thread;

    /**
     * @param what the set in words, for the log
     */
    public Reflector(String what, Cluster cluster, Source<T> source, Sink<T> sink) {
        this.what = what;
        this.cluster = cluster;
        this.source = source;
        this.sink = sink;
    }

    /** The API calls of one set of objects. */
    public interface Source<T extends HasMetadata> {
        KubernetesResourceList<T> list(ListOptions options);

        Watch watch(ListOptions options, Watcher<T> watcher);

        /** Whether the object is of the set; others are neither kept nor told. */
        default boolean keeps(T object) {
            return true;
        }
    }

    /** Told what happens, one call at a time; returns quickly. */
    public interface Sink<T> {
        /** New, changed, or told again. */
        void changed(T object);

        /** No longer there, as last seen. */
        void gone(T last);

        /** A complete list was seen; everything in it has been told. */
        default void listed() {}

        /** The API server did not answer or refused. */
        default void failed(KubernetesClientException error) {}
    }

    public synchronized void start() {
        if (thread == null && !closed) {
            thread = Thread.ofVirtual().name("reflector " + what).start(this::loop);
        }
    }

    /** Whether a complete list was seen since the start. */
    public boolean hasListed() {
        return listed;
    }

    public Collection<T> objects() {
        return objects.values();
    }

    public @Nullable T object(@Nullable String namespace, String name) {
        return objects.get(key(namespace, name));
    }

    /** Starts over with a list: more is of the set now. */
    public void relistSoon() {
        CompletableFuture<@Nullable WatcherException> watching = end;
        startOver = true;
        if (watching != null) {
            watching.complete(null);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void loop() {
        while (!closed) {
            try {
                step();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!recovered(e)) {
                    return;
                }
            }
        }
    }

    private void step() throws InterruptedException {
        if (version == null || startOver) {
            startOver = false;
            relist();
            backoff.reset();
        }
        long start = System.nanoTime();
        watch();
        if (System.nanoTime() - start > LONG_ENOUGH.toNanos()) {
            backoff.reset();
        } else if (!startOver) {
            Thread.sleep(backoff.next());
        }
    }

    /** Waits before the next try; false when closed meanwhile. */
    private boolean recovered(RuntimeException error) {
        KubernetesClientException told =
                error instanceof KubernetesClientException known
                        ? known
                        : new KubernetesClientException(String.valueOf(error.getMessage()), error);
        if (told.getCode() == HttpURLConnection.HTTP_GONE) {
            version = null;
        } else if (!closed) {
            LOG.warn("Cannot follow {}: {}", what, told.getMessage());
            LOG.debug("Cannot follow {}", what, error);
        }
        sink.failed(told);
        try {
            Thread.sleep(backoff.next());
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void relist() throws InterruptedException {
        List<T> all = new ArrayList<>();
        String next = null;
        String listVersion;
        do {
            ListOptions page = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
            KubernetesResourceList<T> part = cluster.call(() -> source.list(page));
            all.addAll(part.getItems());
            next = part.getMetadata().getContinue();
            listVersion = part.getMetadata().getResourceVersion();
        } while (next != null && !next.isEmpty());
        replace(all);
        version = listVersion;
        listed = true;
        sink.listed();
    }

    private void replace(List<T> all) {
        Map<String, T> vanished = new HashMap<>(objects);
        all.stream().filter(source::keeps).forEach(object -> vanished.remove(key(object)));
        vanished.values().forEach(this::remove);
        all.forEach(this::put);
    }

    private void watch() throws InterruptedException {
        CompletableFuture<@Nullable WatcherException> ended = new CompletableFuture<>();
        end = ended;
        if (startOver) {
            return;
        }
        ListOptions options =
                new ListOptionsBuilder()
                        .withResourceVersion(version)
                        .withAllowWatchBookmarks(true)
                        .withTimeoutSeconds(ThreadLocalRandom.current().nextLong(300, 600))
                        .build();
        try (Watch _ = source.watch(options, new Events(ended))) {
            // The server ends it in time; where it does not, the connection is dead.
            WatcherException cause =
                    ended.get(options.getTimeoutSeconds() + OVERDUE, TimeUnit.SECONDS);
            if (cause != null && cause.isHttpGone()) {
                LOG.debug("Version {} of {} is gone: listing", version, what);
                version = null;
            }
        } catch (TimeoutException e) {
            LOG.debug("The watch of {} is overdue", what);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void put(T object) {
        if (!source.keeps(object)) {
            if (objects.containsKey(key(object))) {
                remove(object);
            }
            return;
        }
        T before = objects.put(key(object), object);
        if (before != null && !sameUid(before, object)) {
            sink.gone(before);
        }
        sink.changed(object);
    }

    private void remove(T object) {
        T before = objects.remove(key(object));
        if (before == null && !source.keeps(object)) {
            return;
        }
        if (before != null && !sameUid(before, object)) {
            sink.gone(before);
        }
        sink.gone(object);
    }

    private static boolean sameUid(HasMetadata one, HasMetadata other) {
        return one.getMetadata().getUid().equals(other.getMetadata().getUid());
    }

    private static String key(HasMetadata object) {
        return key(object.getMetadata().getNamespace(), object.getMetadata().getName());
    }

    private static String key(@Nullable String namespace, String name) {
        return namespace == null ? name : namespace + "/" + name;
    }

    /** The events of one watch. */
    private final class Events implements Watcher<T> {
        private final CompletableFuture<@Nullable WatcherException> end;

        Events(CompletableFuture<@Nullable WatcherException> end) {
            this.end = end;
        }

        @Override
        public void eventReceived(Action action, T object) {
            if (closed || end.isDone()) {
                return;
            }
            switch (action) {
                case ADDED, MODIFIED -> put(object);
                case DELETED -> remove(object);
                case BOOKMARK -> {}
                case ERROR -> {
                    end.complete(null);
                    return;
                }
            }
            version = object.getMetadata().getResourceVersion();
        }

        @Override
        public void onClose() {
            end.complete(null);
        }

        @Override
        public void onClose(WatcherException cause) {
            end.complete(cause);
        }
    }
}
