package dev.burstlet.hyper.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CPU rates from two readings of a counter, for runtimes that tell only the counter. */
final class CpuRates {
    private static final int REMEMBERED = 10_000;
    private static final double NANOS = 1e9;

    private final Map<String, Sample> last =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Sample> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /** In nanocores since the reading before; null for the first. */
    synchronized @Nullable Long rate(String id, Instant time, @Nullable Long nanoSeconds) {
        if (nanoSeconds == null) {
            return null;
        }
        @Nullable Sample before = last.get(id);
        if (before != null && !time.isAfter(before.time)) {
            return before.rate;
        }
        @Nullable Long rate = null;
        if (before != null && nanoSeconds >= before.nanoSeconds) {
            double elapsed = Duration.between(before.time, time).toNanos() / NANOS;
            rate = (long) ((nanoSeconds - before.nanoSeconds) / elapsed);
        }
        last.put(id, new Sample(time, nanoSeconds, rate));
        return rate;
    }

    private record Sample(Instant time, long nanoSeconds, @Nullable Long rate) {}
}
