package dev.burstlet.hyper.agent;

import dev.burstlet.pod.PodEvent;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The last events, each with a number, until they are acknowledged; the oldest give way. */
final class EventBook {
    static final int LIMIT = 4096;

    private final TreeMap<Long, PodEvent> byNumber = new TreeMap<>();
    private long last;
    private long reader;

    /** An event and its number. */
    record Numbered(long number, PodEvent event) {}

    synchronized void write(PodEvent event) {
        last++;
        byNumber.put(last, event);
        if (byNumber.size() > LIMIT) {
            byNumber.pollFirstEntry();
        }
        notifyAll();
    }

    synchronized void acknowledge(long number) {
        byNumber.headMap(number, true).clear();
    }

    /** Begins to read from the start and ends any other reader. */
    synchronized Reader read() {
        reader++;
        notifyAll();
        return new Reader(reader);
    }

    /** One reader's place in the book. Used by one thread. */
    final class Reader {
        private final long id;
        private long at;

        private Reader(long id) {
            this.id = id;
        }

        /** Waits for the next one; null when another reader began. */
        @Nullable Numbered next() throws InterruptedException {
            synchronized (EventBook.this) {
                while (reader == id) {
                    var entry = byNumber.higherEntry(at);
                    if (entry != null) {
                        at = entry.getKey();
                        return new Numbered(at, entry.getValue());
                    }
                    EventBook.this.wait();
                }
                return null;
            }
        }
    }
}
