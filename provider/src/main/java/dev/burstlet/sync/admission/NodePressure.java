package dev.burstlet.sync.admission;

import dev.burstlet.pod.CriticalPods;
import dev.burstlet.pod.PodResources;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node that is short of something takes a pod, as the kubelet's eviction manager decides:
 * all but critical ones are refused; where only memory is short, only those of class BestEffort
 * that do not tolerate it. Pure.
 */
final class NodePressure {
    private static final String MEMORY = "MemoryPressure";
    private static final List<String> CONDITIONS = List.of(MEMORY, "DiskPressure", "PIDPressure");
    private static final String MEMORY_TAINT = "node.kubernetes.io/memory-pressure";

    private NodePressure() {}

    static Verdict.@Nullable Rejected rejects(Pod pod, Node node) {
        List<String> conditions =
                node.getStatus().getConditions().stream()
                        .filter(condition -> "True".equals(condition.getStatus()))
                        .map(NodeCondition::getType)
                        .filter(CONDITIONS::contains)
                        .toList();
        if (conditions.isEmpty() || CriticalPods.isCritical(pod)) {
            return null;
        }
        boolean onlyMemory = conditions.equals(List.of(MEMORY));
        boolean bestEffort = PodResources.qosClass(pod.getSpec()).equals(PodResources.BEST_EFFORT);
        if (onlyMemory && (!bestEffort || toleratesMemoryPressure(pod))) {
            return null;
        }
        return new Verdict.Rejected(
                "Evicted",
                "The node had condition: [%s]. ".formatted(String.join(" ", conditions)));
    }

    private static boolean toleratesMemoryPressure(Pod pod) {
        return pod.getSpec().getTolerations().stream().anyMatch(NodePressure::coversMemory);
    }

    private static boolean coversMemory(Toleration toleration) {
        String effect = Objects.requireNonNullElse(toleration.getEffect(), "");
        String key = Objects.requireNonNullElse(toleration.getKey(), "");
        boolean exists = "Exists".equals(toleration.getOperator());
        boolean value = Objects.requireNonNullElse(toleration.getValue(), "").isEmpty();
        return (effect.isEmpty() || effect.equals("NoSchedule"))
                && (key.equals(MEMORY_TAINT) || (key.isEmpty() && exists))
                && (exists || value);
    }
}
