package dev.burstlet.sync.admission;

import dev.burstlet.pod.AllocatedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pods that a node has taken and that have not ended, by UID, with what they take together kept
 * up, so that a word on the thousandth pod costs what the first did. Not for several threads.
 */
public final class TakenPods {
    private final Map<String, Pod> pods = new LinkedHashMap<>();
    private final Map<String, PodSpec> counted = new HashMap<>();
    private final Map<String, BigDecimal> used = new HashMap<>();

    public static TakenPods of(Collection<Pod> pods) {
        TakenPods taken = new TakenPods();
        pods.forEach(taken::put);
        return taken;
    }

    /** Takes a pod, or its newer form. */
    public void put(Pod pod) {
        String uid = pod.getMetadata().getUid();
        pods.put(uid, pod);
        PodSpec allocated = AllocatedSpec.of(pod);
        PodSpec before = counted.put(uid, allocated);
        if (before == null || !before.equals(allocated)) {
            count(allocated, 1);
            if (before != null) {
                count(before, -1);
            }
        }
    }

    public void remove(String uid) {
        pods.remove(uid);
        PodSpec gone = counted.remove(uid);
        if (gone != null) {
            count(gone, -1);
        }
    }

    public boolean contains(String uid) {
        return pods.containsKey(uid);
    }

    Collection<Pod> pods() {
        return Collections.unmodifiableCollection(pods.values());
    }

    BigDecimal used(String resource) {
        return used.getOrDefault(resource, BigDecimal.ZERO);
    }

    private void count(PodSpec spec, int sign) {
        PodRequests.of(spec)
                .forEach((name, amount) ->
                        used.merge(name, sign > 0 ? amount : amount.negate(), BigDecimal::add));
    }
}
