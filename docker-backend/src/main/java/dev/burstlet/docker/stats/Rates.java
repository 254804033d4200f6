package dev.burstlet.docker.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** CPU rates from the latest two samples of each thing that are far enough apart. */
final class Rates {
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final Map<String, Sample> samples = new ConcurrentHashMap<>();

    private record Sample(Instant time, long cpuNanoSeconds, @Nullable Long nanoCores) {}

    /** The rate in nanocores; null at the first sample. */
    @Nullable Long next(String id, Instant time, @Nullable Long cpuNanoSeconds) {
        if (cpuNanoSeconds == null) {
            return null;
        }
        long cpu = cpuNanoSeconds;
        return samples.merge(
                        id,
                        new Sample(time, cpu, null),
                        (before, now) -> {
                            Duration between = Duration.between(before.time(), now.time());
                            if (between.compareTo(LEAST) < 0) {
                                return before;
                            }
                            double seconds = between.toNanos() / 1e9;
                            long used = Math.max(0, cpu - before.cpuNanoSeconds());
                            return new Sample(time, cpu, Math.round(used / seconds));
                        })
                .nanoCores();
    }

    void retain(Set<String> ids) {
        samples.keySet().retainAll(ids);
    }
}
