package dev.burstlet.serve.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** A map of bounded size whose entries end; the one that was put first makes room. */
final class ExpiringCache<K, V> {
    private final InstantSource clock;
    private final int maxEntries;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, Entry<V>> entries = new LinkedHashMap<>();

    ExpiringCache(InstantSource clock, int maxEntries) {
        this.clock = clock;
        this.maxEntries = maxEntries;
    }

    Optional<V> get(K key) {
        lock.lock();
        try {
            Entry<V> entry = entries.get(key);
            if (entry == null) {
                return Optional.empty();
            }
            if (!clock.instant().isBefore(entry.end())) {
                entries.remove(key);
                return Optional.empty();
            }
            return Optional.of(entry.value());
        } finally {
            lock.unlock();
        }
    }

    void put(K key, V value, Duration life) {
        lock.lock();
        try {
            entries.remove(key);
            if (entries.size() >= maxEntries) {
                entries.remove(entries.keySet().iterator().next());
            }
            entries.put(key, new Entry<>(value, clock.instant().plus(life)));
        } finally {
            lock.unlock();
        }
    }

    private record Entry<V>(V value, Instant end) {}
}
