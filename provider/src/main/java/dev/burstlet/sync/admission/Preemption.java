package dev.burstlet.sync.admission;

import dev.burstlet.pod.CriticalPods;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodResources;
import io.fabric8.kubernetes.api.model.Pod;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which pods must make way for a critical one that does not fit, as the kubelet chooses: as few of
 * the better classes as can be, and of each class those whose requests come nearest to what is
 * lacking. Pure.
 */
final class Preemption {
    private Preemption() {}

    static Verdict of(Pod pod, List<Room.Lack> lacks, Collection<Pod> others) {
        Map<String, BigDecimal> need = new LinkedHashMap<>();
        lacks.forEach(lack -> need.put(lack.resource(), lack.insufficient()));
        List<Pod> victims =
                others.stream().filter(other -> CriticalPods.preempts(pod, other)).toList();
        if (!less(need, victims).isEmpty()) {
            String words =
                    lacks.stream()
                            .map(lack ->
                                    "(res: %s, q: %s), "
                                            .formatted(
                                                    lack.resource(),
                                                    lack.shown(lack.insufficient())))
                            .collect(Collectors.joining());
            return new Verdict.Rejected(
                    "UnexpectedAdmissionError",
                    "Unexpected error while attempting to recover from admission failure:"
                            + " preemption: error finding a set of pods to preempt: no set of"
                            + " running pods found to reclaim resources: ["
                            + words
                            + "]");
        }
        return new Verdict.Preempts(choose(need, victims).stream().map(PodKey::of).toList());
    }

    private static List<Pod> choose(Map<String, BigDecimal> need, List<Pod> victims) {
        List<Pod> bestEffort = ofClass(victims, PodResources.BEST_EFFORT);
        List<Pod> burstable = ofClass(victims, PodResources.BURSTABLE);
        List<Pod> guaranteed = ofClass(victims, PodResources.GUARANTEED);
        List<Pod> chosenGuaranteed = nearest(guaranteed, less(less(need, bestEffort), burstable));
        List<Pod> chosenBurstable =
                nearest(burstable, less(less(need, bestEffort), chosenGuaranteed));
        List<Pod> chosen =
                new ArrayList<>(
                        nearest(bestEffort, less(less(need, chosenBurstable), chosenGuaranteed)));
        chosen.addAll(chosenBurstable);
        chosen.addAll(chosenGuaranteed);
        return chosen;
    }

    private static List<Pod> ofClass(List<Pod> pods, String qosClass) {
        return pods.stream().filter(pod -> PodResources.qosClass(pod).equals(qosClass)).toList();
    }

    /** One by one those nearest to what is still lacking; of equals, that which asks for less. */
    private static List<Pod> nearest(List<Pod> pods, Map<String, BigDecimal> need) {
        List<Pod> left = new ArrayList<>(pods);
        List<Pod> chosen = new ArrayList<>();
        Map<String, BigDecimal> lacking = need;
        while (!lacking.isEmpty() && !left.isEmpty()) {
            Map<String, BigDecimal> now = lacking;
            Pod next =
                    left.stream()
                            .min(
                                    Comparator.comparingDouble((Pod pod) -> distance(pod, now))
                                            .thenComparing(pod -> requested(pod, "memory"))
                                            .thenComparing(pod -> requested(pod, "cpu")))
                            .orElseThrow();
            left.remove(next);
            chosen.add(next);
            lacking = less(lacking, List.of(next));
        }
        return chosen;
    }

    /** The sum of the squares of the parts that a pod's end would leave lacking. */
    private static double distance(Pod pod, Map<String, BigDecimal> need) {
        double sum = 0;
        for (Map.Entry<String, BigDecimal> one : need.entrySet()) {
            double rest = one.getValue().subtract(requested(pod, one.getKey())).doubleValue();
            double part = rest / one.getValue().doubleValue();
            sum += rest > 0 ? part * part : 0;
        }
        return sum;
    }

    private static Map<String, BigDecimal> less(Map<String, BigDecimal> need, List<Pod> pods) {
        Map<String, BigDecimal> left = new LinkedHashMap<>();
        need.forEach((resource, amount) -> {
            BigDecimal rest = amount;
            for (Pod pod : pods) {
                rest = rest.subtract(requested(pod, resource));
            }
            if (rest.signum() > 0) {
                left.put(resource, rest);
            }
        });
        return left;
    }

    private static BigDecimal requested(Pod pod, String resource) {
        return resource.equals("pods")
                ? BigDecimal.ONE
                : PodRequests.of(pod.getSpec()).getOrDefault(resource, BigDecimal.ZERO);
    }
}
