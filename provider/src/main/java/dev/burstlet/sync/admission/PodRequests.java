package dev.burstlet.sync.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a pod takes of its node, by resource, in base units (cores, bytes): the larger of what its
 * containers and sidecars take together and what any init container takes beside the sidecars
 * before it; where the pod itself states cpu or memory, that; and its overhead. As the scheduler
 * counts. Pure.
 */
final class PodRequests {
    private PodRequests() {}

    static Map<String, BigDecimal> of(PodSpec spec) {
        Map<String, BigDecimal> sidecars = new TreeMap<>();
        Map<String, BigDecimal> peak = new TreeMap<>();
        for (Container init : spec.getInitContainers()) {
            if ("Always".equals(init.getRestartPolicy())) {
                add(sidecars, requests(init.getResources()));
                max(peak, sidecars);
            } else {
                Map<String, BigDecimal> moment = new TreeMap<>(sidecars);
                add(moment, requests(init.getResources()));
                max(peak, moment);
            }
        }
        Map<String, BigDecimal> total = new TreeMap<>(sidecars);
        spec.getContainers().forEach(container -> add(total, requests(container.getResources())));
        max(total, peak);
        requests(spec.getResources()).forEach(total::put);
        if (spec.getOverhead() != null) {
            add(total, amounts(spec.getOverhead()));
        }
        return total;
    }

    /** Requests; where only a limit is given, that. */
    private static Map<String, BigDecimal> requests(@Nullable ResourceRequirements resources) {
        if (resources == null) {
            return Map.of();
        }
        Map<String, BigDecimal> amounts = amounts(resources.getLimits());
        amounts.putAll(amounts(resources.getRequests()));
        return amounts;
    }

    private static Map<String, BigDecimal> amounts(@Nullable Map<String, Quantity> quantities) {
        Map<String, BigDecimal> amounts = new TreeMap<>();
        if (quantities != null) {
            quantities.forEach((name, value) -> amounts.put(name, value.getNumericalAmount()));
        }
        return amounts;
    }

    private static void add(Map<String, BigDecimal> to, Map<String, BigDecimal> more) {
        more.forEach((name, amount) -> to.merge(name, amount, BigDecimal::add));
    }

    private static void max(Map<String, BigDecimal> of, Map<String, BigDecimal> other) {
        other.forEach((name, amount) -> of.merge(name, amount, BigDecimal::max));
    }
}
