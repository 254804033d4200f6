package dev.burstlet.hyper.agent;

import dev.burstlet.pod.PodReport;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest report of every pod, each with a number. A reader goes through them by number, so that
 * it gets a whole picture first and then each change; one that is slow or away gets only the newest
 * of each pod. That a pod is gone is kept until it was acknowledged.
 */
final class ReportBook {
    private final TreeMap<Long, PodReport> byNumber = new TreeMap<>();
    private final Map<String, Map<Slot, Long>> byUid = new HashMap<>();
    private long last;
    private long reader;

    /** Reports that do not replace each other. */
    private enum Slot {
        LIVE,
        FINISHED,
        REMOVED
    }

    /**
     * A report and its number; without a report, the reader has seen everything that there was.
     *
     * @param number 0 where there is no report
     */
    record Numbered(long number, @Nullable PodReport report) {}

    synchronized void write(PodReport report) {
        Slot slot =
                switch (report.stage()) {
                    case ACTIVE, TERMINATING -> Slot.LIVE;
                    case FINISHED -> Slot.FINISHED;
                    case REMOVED -> Slot.REMOVED;
                };
        Map<Slot, Long> slots =
                byUid.computeIfAbsent(report.key().uid(), _ -> new EnumMap<>(Slot.class));
        replace(slots, slot);
        if (slot != Slot.LIVE) {
            replace(slots, Slot.LIVE);
        }
        last++;
        slots.put(slot, last);
        byNumber.put(last, report);
        notifyAll();
    }

    private void replace(Map<Slot, Long> slots, Slot slot) {
        Long number = slots.remove(slot);
        if (number != null) {
            byNumber.remove(number);
        }
    }

    /** Begins to read from the start and ends any other reader. */
    synchronized Reader read() {
        reader++;
        notifyAll();
        return new Reader(reader, last);
    }

    /** All up to this number was taken. */
    synchronized void acknowledge(long number) {
        byUid.values()
                .removeIf(slots -> {
                    Long removed = slots.get(Slot.REMOVED);
                    if (removed == null || removed > number) {
                        return false;
                    }
                    slots.values().forEach(byNumber::remove);
                    return true;
                });
    }

    /** Forgets all but who is gone: another engine tells what there is. */
    synchronized void begin() {
        byUid.values()
                .removeIf(slots -> {
                    replace(slots, Slot.LIVE);
                    replace(slots, Slot.FINISHED);
                    return slots.isEmpty();
                });
    }

    /** One reader's place in the book. Used by one thread. */
    final class Reader {
        private final long id;
        private final long until;
        private long at;
        private boolean synced;

        private Reader(long id, long until) {
            this.id = id;
            this.until = until;
        }

        /** Waits for the next one; null when another reader began. */
        @Nullable Numbered next() throws InterruptedException {
            synchronized (ReportBook.this) {
                while (true) {
                    if (reader != id) {
                        return null;
                    }
                    Map.Entry<Long, PodReport> entry = byNumber.higherEntry(at);
                    if (!synced && (entry == null || entry.getKey() > until)) {
                        synced = true;
                        return new Numbered(0, null);
                    }
                    if (entry != null) {
                        at = entry.getKey();
                        return new Numbered(at, entry.getValue());
                    }
                    ReportBook.this.wait();
                }
            }
        }
    }
}
