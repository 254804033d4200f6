package dev.burstlet.engine.pressure;

import dev.burstlet.container.HostFigures;
import dev.burstlet.container.HostFigures.Amount;
import dev.burstlet.engine.pressure.Signal.Condition;
import dev.burstlet.pod.HostDescription.Pressures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a host is short of.
 *
 * @param lastSeen when each shortage was last seen, for as long as it is told
 * @param shortages now, the one to be met first at first
 */
public record Pressure(Map<Condition, Instant> lastSeen, List<Shortage> shortages) {
    public static final Pressure NONE = new Pressure(Map.of(), List.of());

    public Pressure {
        lastSeen = Map.copyOf(lastSeen);
        shortages = List.copyOf(shortages);
    }

    /**
     * One threshold that is met.
     *
     * @param limit below which it is
     */
    public record Shortage(Signal signal, long available, long limit) {
        String words() {
            return "%s is %s, below %s"
                    .formatted(
                            signal.key(),
                            Amounts.shown(signal.resource(), available),
                            Amounts.shown(signal.resource(), limit));
        }
    }

    /** As it is by newer figures. */
    public Pressure next(EvictionRules rules, HostFigures figures, Instant now) {
        List<Shortage> met = new ArrayList<>();
        for (Threshold threshold : rules.thresholds()) {
            @Nullable Amount figure = threshold.signal().figure(figures);
            if (figure != null && threshold.met(figure)) {
                met.add(
                        new Shortage(
                                threshold.signal(), figure.available(), threshold.limit(figure)));
            }
        }
        met.sort(Comparator.comparing(Shortage::signal));
        Map<Condition, Instant> seen = new EnumMap<>(Condition.class);
        lastSeen.forEach((condition, time) -> {
            if (now.isBefore(time.plus(rules.transition()))) {
                seen.put(condition, time);
            }
        });
        met.forEach(shortage -> seen.put(shortage.signal().condition(), now));
        return new Pressure(seen, met);
    }

    /** The shortage to be met first. */
    public Optional<Shortage> worst() {
        return shortages.stream().findFirst();
    }

    /** As a node tells it. */
    public Pressures told() {
        return new Pressures(words(Condition.MEMORY), words(Condition.DISK), words(Condition.PID));
    }

    private String words(Condition condition) {
        if (!lastSeen.containsKey(condition)) {
            return "";
        }
        String words =
                shortages.stream()
                        .filter(shortage -> shortage.signal().condition() == condition)
                        .map(Shortage::words)
                        .collect(Collectors.joining(", "));
        return words.isEmpty() ? "it was short until a moment ago" : words;
    }
}
