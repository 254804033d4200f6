package dev.burstlet.sync.admission;

import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What of its allocatable resources a node lacks for a pod. Pure. */
final class Room {
    private Room() {}

    /** One resource of which there is not enough, in base units (cores, bytes). */
    record Lack(String resource, BigDecimal requested, BigDecimal used, BigDecimal capacity) {
        BigDecimal insufficient() {
            return requested.subtract(capacity.subtract(used));
        }

        Verdict.Rejected rejection() {
            return new Verdict.Rejected(
                    "OutOf" + resource,
                    "Node didn't have enough resource: %s, requested: %s, used: %s, capacity: %s"
                            .formatted(resource, shown(requested), shown(used), shown(capacity)));
        }

        /** As the kubelet shows it: cpu in thousandths. */
        String shown(BigDecimal amount) {
            BigDecimal unit = resource.equals("cpu") ? amount.movePointRight(3) : amount;
            return unit.toBigInteger().toString();
        }
    }

    /** Empty where the pod fits beside the others. */
    static List<Lack> lacks(PodSpec spec, Node node, TakenPods others) {
        Map<String, Quantity> allocatable = node.getStatus().getAllocatable();
        List<Lack> lacks = new ArrayList<>();
        BigDecimal pods = amount(allocatable.get("pods"));
        BigDecimal there = BigDecimal.valueOf(others.pods().size());
        if (there.add(BigDecimal.ONE).compareTo(pods) > 0) {
            lacks.add(new Lack("pods", BigDecimal.ONE, there, pods));
        }
        Map<String, BigDecimal> wanted = PodRequests.of(spec);
        wanted.values().removeIf(amount -> amount.signum() == 0);
        // An extended resource that the node does not know may be one of the cluster's.
        wanted.keySet()
                .removeIf(name -> Quantities.isExtended(name) && !allocatable.containsKey(name));
        if (wanted.isEmpty()) {
            return lacks;
        }
        wanted.forEach((name, want) -> {
            BigDecimal taken = others.used(name);
            BigDecimal all = amount(allocatable.get(name));
            if (taken.add(want).compareTo(all) > 0) {
                lacks.add(new Lack(name, want, taken, all));
            }
        });
        return lacks;
    }

    private static BigDecimal amount(@Nullable Quantity quantity) {
        return quantity == null ? BigDecimal.ZERO : quantity.getNumericalAmount();
    }
}
