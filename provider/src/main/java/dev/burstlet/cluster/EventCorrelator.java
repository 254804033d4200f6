package dev.burstlet.cluster;

import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decides for each event whether it is a new object, counts up an earlier one, or is one too many,
 * by the limits of client-go's correlator: equal events are one object for as long as they are
 * remembered; one object may have 25 events at once and one more every 5 minutes. Remembers 4,096
 * of each. Not for use by several threads.
 */
final class EventCorrelator {
    private static final int REMEMBERED = 4_096;
    private static final int BURST = 25;
    private static final Duration REFILL = Duration.ofMinutes(5);

    private final Map<Key, Series> series = remembering();
    private final Map<String, Bucket> buckets = remembering();

    /** What becomes of an event. */
    sealed interface Verdict {
        record First(String name) implements Verdict {}

        record Again(String name, int count) implements Verdict {}

        record Drop() implements Verdict {}
    }

    private record Key(
            String kind, String uid, String field, String type, String reason, String message) {}

    private record Series(String name, int count) {}

    private record Bucket(double tokens, Instant time) {
        Bucket at(Instant now) {
            double earned =
                    Math.max(0, Duration.between(time, now).toMillis())
                            / (double) REFILL.toMillis();
            return new Bucket(Math.min(BURST, tokens + earned), now);
        }
    }

    Verdict seen(EventQueue.Occurrence event) {
        ObjectReference about = event.about();
        String uid = String.valueOf(about.getUid());
        Bucket bucket = buckets.getOrDefault(uid, new Bucket(BURST, event.time())).at(event.time());
        if (bucket.tokens() < 1) {
            buckets.put(uid, bucket);
            return new Verdict.Drop();
        }
        buckets.put(uid, new Bucket(bucket.tokens() - 1, bucket.time()));
        Key key =
                new Key(
                        String.valueOf(about.getKind()),
                        uid,
                        String.valueOf(about.getFieldPath()),
                        event.type(),
                        event.reason(),
                        event.message());
        Series known = series.get(key);
        if (known == null) {
            String name = about.getName() + "." + suffix(event.time());
            series.put(key, new Series(name, 1));
            return new Verdict.First(name);
        }
        series.put(key, new Series(known.name(), known.count() + 1));
        return new Verdict.Again(known.name(), known.count() + 1);
    }

    private long lastNanos;

    /** The time in hexadecimal nanoseconds as client-go names events, rising. */
    private String suffix(Instant time) {
        long nanos = time.getEpochSecond() * 1_000_000_000L + time.getNano();
        lastNanos = Math.max(nanos, lastNanos + 1);
        return Long.toHexString(lastNanos);
    }

    private static <K, V> Map<K, V> remembering() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
