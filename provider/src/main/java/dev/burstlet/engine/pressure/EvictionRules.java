package dev.burstlet.engine.pressure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * When a host is short of something.
 *
 * @param thresholds at most one a signal
 * @param transition how long a shortage that is over is still told, so that it does not flap
 */
public record EvictionRules(List<Threshold> thresholds, Duration transition) {
    /** The kubelet's hard thresholds and its transition period. */
    private static final Map<Signal, String> DEFAULTS =
            Map.of(
                    Signal.MEMORY_AVAILABLE, "100Mi",
                    Signal.NODEFS_AVAILABLE, "10%",
                    Signal.NODEFS_INODES_FREE, "5%",
                    Signal.IMAGEFS_AVAILABLE, "15%",
                    Signal.IMAGEFS_INODES_FREE, "5%");

    public static final EvictionRules KUBELET = of(Map.of(), Duration.ofMinutes(5));

    public EvictionRules {
        thresholds = List.copyOf(thresholds);
    }

    /**
     * The defaults with these in their place.
     *
     * @param thresholds by signal, as {@code memory.available: 100Mi}; {@code 0%} for none
     * @throws IllegalArgumentException naming what cannot be right
     */
    public static EvictionRules of(Map<String, String> thresholds, Duration transition) {
        Map<Signal, String> all = new EnumMap<>(DEFAULTS);
        thresholds.forEach((key, value) ->
                all.put(
                        Signal.of(key)
                                .orElseThrow(() ->
                                        new IllegalArgumentException(key + ": no eviction signal")),
                        value));
        List<Threshold> list = new ArrayList<>();
        all.forEach((signal, value) -> list.add(Threshold.of(signal, value)));
        list.removeIf(threshold -> threshold.amount() == 0 && threshold.percent() == 0);
        return new EvictionRules(list, transition);
    }
}
