package dev.burstlet.engine;

import dev.burstlet.engine.plan.Situation;
import dev.burstlet.pod.AllocatedSpec;
import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What of the node's cpu and memory is allocated to each pod. Larger requests of a pod that runs
 * wait here until there is room, in the kubelet's order: by priority, by QoS class, then by how
 * long they have waited (Kubernetes: resize CPU and memory resources assigned to containers).
 */
final class Allocations {
    private static final List<String> RESOURCES = List.of("cpu", "memory");
    private static final List<String> CLASSES =
            List.of(PodResources.GUARANTEED, PodResources.BURSTABLE, PodResources.BEST_EFFORT);

    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Waiting> waiting = new HashMap<>();
    private final Consumer<String> ring;

    /**
     * @param ring told the UID of a pod that has got its room, or waits for another reason
     */
    Allocations(Consumer<String> ring) {
        this.ring = ring;
    }

    /** In thousandths. */
    private record Amounts(Map<String, Long> byResource) {
        static Amounts of(Map<String, Quantity> quantities) {
            Map<String, Long> amounts = new HashMap<>();
            RESOURCES.forEach(name -> amounts.put(name, Quantities.millis(quantities, name)));
            return new Amounts(Map.copyOf(amounts));
        }

        long get(String resource) {
            return byResource.getOrDefault(resource, 0L);
        }
    }

    private record Waiting(
            Amounts wanted,
            Map<String, Quantity> allocatable,
            int priority,
            int qosClass,
            Instant since,
            String why) {}

    /**
     * @param spec whose requests were given, or null where it waits for others
     */
    private record Entry(Amounts allocated, @Nullable PodSpec spec) {}

    /**
     * Allocates what a pod asks for if there is room.
     *
     * @param status the API server's, of a pod that is new here: what it had is its own
     * @return why it has to wait, or null
     */
    @SuppressWarnings("ReferenceEquality") // A spec is not changed: the same one asks for the same.
    synchronized Situation.@Nullable Held want(
            Pod pod, PodStatus status, Map<String, Quantity> allocatable, Instant now) {
        String uid = pod.getMetadata().getUid();
        @Nullable Entry entry = entries.get(uid);
        if (entry != null && entry.spec() == pod.getSpec()) {
            return null;
        }
        Amounts wanted = Amounts.of(PodResources.requests(pod.getSpec()));
        Amounts allocated = entry == null ? before(pod, status) : entry.allocated();
        @Nullable String why = lacking(uid, allocated, wanted, allocatable);
        if (why == null) {
            boolean shrunk =
                    RESOURCES.stream().anyMatch(r -> wanted.get(r) < allocated(uid).get(r));
            entries.put(uid, new Entry(wanted, pod.getSpec()));
            waiting.remove(uid);
            if (shrunk) {
                retry();
            }
            return null;
        }
        @Nullable Waiting old = waiting.get(uid);
        Instant since = old != null && old.wanted().equals(wanted) ? old.since() : now;
        @Nullable Integer priority = pod.getSpec().getPriority();
        entries.put(uid, new Entry(allocated, null));
        waiting.put(
                uid,
                new Waiting(
                        wanted,
                        allocatable,
                        priority == null ? 0 : priority,
                        CLASSES.indexOf(PodResources.qosClass(pod)),
                        since,
                        why));
        @Nullable String never = exceeding(wanted, allocatable);
        return never == null
                ? new Situation.Held("Deferred", why)
                : new Situation.Held("Infeasible", never);
    }

    /** Why the node could never give that much, or null. */
    private static @Nullable String exceeding(Amounts wanted, Map<String, Quantity> allocatable) {
        for (String resource : RESOURCES) {
            long capacity = Quantities.millis(allocatable, resource);
            if (allocatable.containsKey(resource) && wanted.get(resource) > capacity) {
                return "Node didn't have enough capacity: %s, requested: %d, capacity: %d"
                        .formatted(
                                resource,
                                shown(resource, wanted.get(resource)),
                                shown(resource, capacity));
            }
        }
        return null;
    }

    /** A pod that has ended, or is gone. */
    synchronized void release(String uid) {
        waiting.remove(uid);
        if (entries.remove(uid) != null) {
            retry();
        }
    }

    private Amounts allocated(String uid) {
        @Nullable Entry entry = entries.get(uid);
        return entry == null ? new Amounts(Map.of()) : entry.allocated();
    }

    private void retry() {
        List<String> order = new ArrayList<>(waiting.keySet());
        order.sort(Comparator.comparing(this::waiting, ORDER));
        for (String uid : order) {
            Waiting next = waiting(uid);
            @Nullable String why = lacking(uid, allocated(uid), next.wanted(), next.allocatable());
            if (why == null) {
                entries.put(uid, new Entry(next.wanted(), null));
                waiting.remove(uid);
                ring.accept(uid);
            } else if (!why.equals(next.why())) {
                // It still waits, but for less.
                ring.accept(uid);
            }
        }
    }

    private static final Comparator<Waiting> ORDER =
            Comparator.comparingInt(Waiting::priority)
                    .reversed()
                    .thenComparingInt(Waiting::qosClass)
                    .thenComparing(Waiting::since);

    private Waiting waiting(String uid) {
        @Nullable Waiting waits = waiting.get(uid);
        if (waits == null) {
            throw new IllegalStateException("pod " + uid + " does not wait");
        }
        return waits;
    }

    /** Only what grows needs room. */
    private @Nullable String lacking(
            String uid, Amounts has, Amounts wanted, Map<String, Quantity> allocatable) {
        for (String resource : RESOURCES) {
            if (wanted.get(resource) <= has.get(resource) || !allocatable.containsKey(resource)) {
                continue;
            }
            long used = 0;
            for (Map.Entry<String, Entry> other : entries.entrySet()) {
                used += other.getKey().equals(uid) ? 0 : other.getValue().allocated().get(resource);
            }
            long capacity = Quantities.millis(allocatable, resource);
            if (used + wanted.get(resource) > capacity) {
                return "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
                        .formatted(
                                resource,
                                shown(resource, wanted.get(resource)),
                                shown(resource, used),
                                shown(resource, capacity));
            }
        }
        return null;
    }

    /** CPU is told in thousandths, memory in bytes. */
    private static long shown(String resource, long thousandths) {
        return resource.equals("cpu") ? thousandths : thousandths / 1000;
    }

    /** What a pod had by its status; a new one has all that it asks for, as it was admitted. */
    private static Amounts before(Pod pod, PodStatus status) {
        return Amounts.of(PodResources.requests(AllocatedSpec.of(pod.getSpec(), status)));
    }
}
