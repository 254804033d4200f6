package dev.burstlet.engine.desired;

import dev.burstlet.container.Resources;
import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests and limits as a container engine takes them, by the kubelet's formulas. */
final class Limits {
    private static final long PERIOD_MICROS = 100_000;
    private static final long MIN_QUOTA_MICROS = 1000;
    private static final long MIN_SHARES = 2;
    private static final long MAX_SHARES = 262_144;

    private static final int OOM_SANDBOX = -998;
    private static final int OOM_GUARANTEED = -997;
    private static final int OOM_BEST_EFFORT = 1000;
    private static final Set<String> NATIVE =
            Set.of(PodResources.CPU, PodResources.MEMORY, PodResources.EPHEMERAL_STORAGE);

    private Limits() {}

    /**
     * A container's. One without a limit of its own has the pod's.
     *
     * @param machineMemory the host's memory in bytes
     */
    static Resources container(
            Pod pod, PodSpecs.Member member, long machineMemory, long pidsLimit) {
        Container container = member.spec();
        Map<String, Quantity> limits = PodResources.limits(container);
        Map<String, Quantity> requests = PodResources.requests(container);
        Map<String, Quantity> podLimits = podLimits(pod.getSpec());
        Quantity cpu = orElse(limits.get(PodResources.CPU), podLimits.get(PodResources.CPU));
        Quantity memory =
                orElse(limits.get(PodResources.MEMORY), podLimits.get(PodResources.MEMORY));
        return new Resources(
                // Where nothing is requested, the limit is, the pod's own one too.
                shares(
                        requests.containsKey(PodResources.CPU)
                                ? Quantities.millis(requests, PodResources.CPU)
                                : Quantities.millis(cpu)),
                quota(Quantities.millis(cpu)),
                PERIOD_MICROS,
                Quantities.whole(memory),
                oomScoreAdj(pod, member, machineMemory),
                pidsLimit);
    }

    /** Of the pod's containers together, as the kubelet tells a runtime: without overhead. */
    static Resources sandbox(PodSpec whole, long pidsLimit) {
        PodSpec spec =
                whole.getOverhead() == null || whole.getOverhead().isEmpty()
                        ? whole
                        : new PodSpecBuilder(whole).withOverhead(Map.of()).build();
        Map<String, Quantity> limits = PodResources.limits(spec);
        long cpu =
                PodResources.bounded(spec, PodResources.CPU)
                        ? quota(Quantities.millis(limits, PodResources.CPU))
                        : 0;
        long memory =
                PodResources.bounded(spec, PodResources.MEMORY)
                        ? Quantities.whole(limits, PodResources.MEMORY)
                        : 0;
        return new Resources(
                shares(Quantities.millis(PodResources.requests(spec), PodResources.CPU)),
                cpu,
                PERIOD_MICROS,
                memory,
                OOM_SANDBOX,
                pidsLimit);
    }

    /** What the pod's RuntimeClass says that its sandbox needs itself. */
    static Resources overhead(PodSpec spec) {
        Map<String, Quantity> overhead = spec.getOverhead();
        if (overhead == null || overhead.isEmpty()) {
            return Resources.NONE;
        }
        long milliCpu = Quantities.millis(overhead, PodResources.CPU);
        return new Resources(
                shares(milliCpu),
                quota(milliCpu),
                PERIOD_MICROS,
                Quantities.whole(overhead, PodResources.MEMORY),
                0,
                0);
    }

    /**
     * The first resource that no host of ours can give, or null. An extended resource is not one:
     * where the host has nothing for it, it is counted by the node or the cluster, no more.
     */
    static @Nullable String unsupported(Container container) {
        ResourceRequirements resources = container.getResources();
        if (resources == null) {
            return null;
        }
        return Quantities.max(resources.getRequests(), resources.getLimits()).entrySet().stream()
                .filter(e -> Quantities.positive(e.getValue()))
                .map(Map.Entry::getKey)
                .filter(name -> !NATIVE.contains(name) && !Quantities.isExtended(name))
                .findFirst()
                .orElse(null);
    }

    static long shares(long milliCpu) {
        return Math.clamp(milliCpu * 1024 / 1000, MIN_SHARES, MAX_SHARES);
    }

    /** 0 is no limit. */
    static long quota(long milliCpu) {
        return milliCpu == 0 ? 0 : Math.max(milliCpu * PERIOD_MICROS / 1000, MIN_QUOTA_MICROS);
    }

    /** How ready the kernel is to kill a container's processes when the host has no memory left. */
    static int oomScoreAdj(Pod pod, PodSpecs.Member member, long machineMemory) {
        if ("system-node-critical".equals(pod.getSpec().getPriorityClassName())) {
            return OOM_GUARANTEED;
        }
        return switch (PodResources.qosClass(pod)) {
            case PodResources.GUARANTEED -> OOM_GUARANTEED;
            case PodResources.BEST_EFFORT -> OOM_BEST_EFFORT;
            default -> burstable(pod.getSpec(), member, Math.max(machineMemory, 1));
        };
    }

    private static int burstable(PodSpec spec, PodSpecs.Member member, long machineMemory) {
        long shared = unclaimedPerContainer(spec);
        long score = score(memoryRequest(member.spec()) + shared, machineMemory);
        if (member.sidecar()) {
            // A sidecar is never killed before the containers that it serves.
            long least =
                    spec.getContainers().stream().mapToLong(Limits::memoryRequest).min().orElse(0);
            score = Math.min(score, score(least + shared, machineMemory));
        }
        return Math.clamp(score, 1000 + OOM_GUARANTEED, OOM_BEST_EFFORT - 1);
    }

    private static long score(long memory, long machineMemory) {
        return 1000 - 1000 * Math.min(memory, Long.MAX_VALUE / 1000) / machineMemory;
    }

    /** What the pod itself requests beyond its containers, in equal parts. */
    private static long unclaimedPerContainer(PodSpec spec) {
        if (spec.getResources() == null) {
            return 0;
        }
        long requested = Quantities.whole(spec.getResources().getRequests(), PodResources.MEMORY);
        List<Container> running =
                PodSpecs.members(spec).stream()
                        .filter(m -> m.sidecar() || spec.getContainers().contains(m.spec()))
                        .map(PodSpecs.Member::spec)
                        .toList();
        long claimed = running.stream().mapToLong(Limits::memoryRequest).sum();
        return running.isEmpty() ? 0 : Math.max(requested - claimed, 0) / running.size();
    }

    private static long memoryRequest(Container container) {
        return Quantities.whole(PodResources.requests(container), PodResources.MEMORY);
    }

    private static Map<String, Quantity> podLimits(PodSpec spec) {
        return spec.getResources() == null
                ? Map.of()
                : Objects.requireNonNullElse(spec.getResources().getLimits(), Map.of());
    }

    private static @Nullable Quantity orElse(@Nullable Quantity first, @Nullable Quantity second) {
        return Quantities.positive(first) ? first : second;
    }
}
