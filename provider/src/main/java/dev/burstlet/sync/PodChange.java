package dev.burstlet.sync;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Whether a pod differs in what its host has to know; our own status coming back does not. Pure.
 */
final class PodChange {
    private PodChange() {}

    static boolean matters(Pod before, Pod now) {
        return metadataDiffers(before.getMetadata(), now.getMetadata())
                || specDiffers(before, now)
                || !gates(before).equals(gates(now));
    }

    private static boolean metadataDiffers(ObjectMeta before, ObjectMeta now) {
        return !Objects.equals(before.getLabels(), now.getLabels())
                || !Objects.equals(before.getAnnotations(), now.getAnnotations())
                || !Objects.equals(before.getDeletionTimestamp(), now.getDeletionTimestamp())
                || !Objects.equals(
                        before.getDeletionGracePeriodSeconds(),
                        now.getDeletionGracePeriodSeconds());
    }

    /** The generation counts the changes of a spec, on servers that count them for pods. */
    private static boolean specDiffers(Pod before, Pod now) {
        Long old = before.getMetadata().getGeneration();
        Long generation = now.getMetadata().getGeneration();
        if (old != null && generation != null && old > 0 && generation > 0) {
            return !old.equals(generation);
        }
        return !Objects.equals(before.getSpec(), now.getSpec());
    }

    /** What others say of the pod's readiness. */
    private static Map<String, String> gates(Pod pod) {
        Map<String, String> gates = new HashMap<>();
        if (pod.getStatus() == null) {
            return gates;
        }
        for (PodReadinessGate gate : pod.getSpec().getReadinessGates()) {
            for (PodCondition condition : pod.getStatus().getConditions()) {
                if (condition.getType().equals(gate.getConditionType())) {
                    gates.put(condition.getType(), condition.getStatus());
                }
            }
        }
        return gates;
    }
}
