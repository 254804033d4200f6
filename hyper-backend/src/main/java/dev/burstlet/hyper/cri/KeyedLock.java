package dev.burstlet.hyper.cri;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One lock per key, there as long as someone wants it. */
final class KeyedLock {
    private final Map<String, Entry> entries = new HashMap<>();

    <T> T with(String key, Supplier<T> action) {
        Entry entry = enter(key);
        try {
            entry.lock.lockInterruptibly();
            try {
                return action.get();
            } finally {
                entry.lock.unlock();
            }
        } catch (InterruptedException e) {
            throw CriErrors.interrupted(key, e);
        } finally {
            leave(key);
        }
    }

    private Entry enter(String key) {
        synchronized (entries) {
            Entry entry = entries.computeIfAbsent(key, _ -> new Entry());
            entry.users++;
            return entry;
        }
    }

    private void leave(String key) {
        synchronized (entries) {
            @Nullable Entry entry = entries.get(key);
            if (entry != null && --entry.users == 0) {
                entries.remove(key);
            }
        }
    }

    private static final class Entry {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }
}
