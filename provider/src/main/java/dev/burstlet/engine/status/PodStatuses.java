package dev.burstlet.engine.status;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.engine.plan.Ending;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.ResizePlan;
import dev.burstlet.engine.plan.Situation;
import dev.burstlet.pod.Copies;
import dev.burstlet.pod.PodBundle;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod's whole status: pure. */
public final class PodStatuses {
    private PodStatuses() {}

    /**
     * The status as it is to be told now.
     *
     * @param info the engine, null before it is known
     * @param qosClass of the pod
     */
    public static PodStatus of(
            Situation situation, PodMemory memory, @Nullable EngineInfo info, String qosClass) {
        String scheme = info == null ? "unknown" : info.scheme();
        if (situation.bundle() == null) {
            return OrphanStatus.of(situation, scheme);
        }
        if (situation.ended()) {
            return kept(situation);
        }
        PodBundle bundle = situation.bundle();
        Ending.@Nullable Verdict verdict =
                memory.ending() == null ? null : memory.ending().verdict();
        if (verdict != null && verdict.rejected()) {
            return rejected(situation, bundle, verdict, qosClass);
        }
        Map<String, ContainerStatus> statuses = containers(situation, memory, scheme, info);
        Long generation = bundle.pod().getMetadata().getGeneration();
        String reached = new Phases(situation, memory).of(statuses);
        String phase = phase(situation, memory, reached, verdict);
        PodStatus status = new PodStatus();
        status.setPhase(phase);
        status.setObservedGeneration(generation);
        status.setQosClass(qosClass);
        status.setStartTime(Times.seconds(situation.acceptedAt()));
        status.setConditions(
                new Conditions(situation, memory, generation)
                        .of(verdict == null ? reached : Phases.FAILED, statuses));
        if (verdict != null && (phase.equals(Phases.FAILED) || memory.finished())) {
            status.setReason(verdict.reason());
            status.setMessage(verdict.message());
        }
        addContainers(status, situation, statuses);
        addAddresses(status, situation, bundle);
        addResources(status, situation, memory);
        return MessageLimit.apply(status);
    }

    /** What a kubelet tells of a pod that it does not admit. */
    private static PodStatus rejected(
            Situation situation, PodBundle bundle, Ending.Verdict verdict, String qosClass) {
        return new PodStatusBuilder()
                .withPhase(Phases.FAILED)
                .withReason(verdict.reason())
                .withMessage(verdict.message())
                .withQosClass(qosClass)
                .withObservedGeneration(bundle.pod().getMetadata().getGeneration())
                .withStartTime(Times.seconds(situation.acceptedAt()))
                .build();
    }

    /** Those of the pod as a whole; while a resize goes on, what was given before stays. */
    private static void addResources(PodStatus status, Situation situation, PodMemory memory) {
        @Nullable ResourceRequirements asked = situation.spec().getResources();
        boolean pending =
                situation.members().stream()
                        .anyMatch(m -> ResizePlan.pending(situation, memory, m.name()));
        boolean told = situation.previous().getResources() != null;
        if (told && pending) {
            status.setResources(situation.previous().getResources());
            status.setAllocatedResources(situation.previous().getAllocatedResources());
        } else if (asked != null) {
            ResourceRequirements given = new ResourceRequirements();
            given.setLimits(asked.getLimits());
            given.setRequests(asked.getRequests());
            status.setResources(given);
            status.setAllocatedResources(asked.getRequests());
        }
    }

    /** A terminal phase is told when nothing of the pod runs any more, not before. */
    private static String phase(
            Situation situation,
            PodMemory memory,
            String reached,
            Ending.@Nullable Verdict verdict) {
        boolean terminal = reached.equals(Phases.SUCCEEDED) || reached.equals(Phases.FAILED);
        if (memory.finished()) {
            return verdict == null && terminal ? reached : Phases.FAILED;
        }
        if (!terminal) {
            return reached;
        }
        @Nullable String before = situation.previous().getPhase();
        return before == null || before.isEmpty() ? Phases.PENDING : before;
    }

    /** An ended pod's status stays; only what it was computed from may be newer. */
    private static PodStatus kept(Situation situation) {
        PodBundle bundle = situation.bundle();
        Long generation = bundle == null ? null : bundle.pod().getMetadata().getGeneration();
        PodStatus status = Copies.of(situation.previous());
        if (generation != null) {
            status.setObservedGeneration(generation);
        }
        return status;
    }

    private static Map<String, ContainerStatus> containers(
            Situation situation, PodMemory memory, String scheme, @Nullable EngineInfo info) {
        @Nullable PodBundle bundle = situation.bundle();
        boolean recursive =
                info != null
                        && info.recursiveReadOnly(bundle == null ? null : bundle.runtimeHandler());
        ContainerStatuses each =
                new ContainerStatuses(situation, memory, scheme, memory.finished(), recursive);
        Map<String, ContainerStatus> statuses = new LinkedHashMap<>();
        for (Member member : situation.members()) {
            statuses.put(member.name(), each.of(member));
        }
        return statuses;
    }

    private static void addContainers(
            PodStatus status, Situation situation, Map<String, ContainerStatus> statuses) {
        status.setInitContainerStatuses(list(situation, ContainerKind.INIT, statuses, false));
        status.setContainerStatuses(list(situation, ContainerKind.APP, statuses, true));
        status.setEphemeralContainerStatuses(
                list(situation, ContainerKind.EPHEMERAL, statuses, true));
    }

    private static List<ContainerStatus> list(
            Situation situation,
            ContainerKind kind,
            Map<String, ContainerStatus> statuses,
            boolean sorted) {
        List<ContainerStatus> list = new ArrayList<>();
        for (Member member : situation.members(kind)) {
            @Nullable ContainerStatus status = statuses.get(member.name());
            if (status != null) {
                list.add(status);
            }
        }
        if (sorted) {
            list.sort(Comparator.comparing(ContainerStatus::getName));
        }
        return list;
    }

    private static void addAddresses(PodStatus status, Situation situation, PodBundle bundle) {
        List<String> hostIps = bundle.node().hostIps();
        if (!hostIps.isEmpty()) {
            status.setHostIP(hostIps.getFirst());
            status.setHostIPs(hostIps.stream().map(HostIP::new).toList());
        }
        List<String> ips =
                situation.observed().readySandbox().map(SandboxStatus::ips).orElse(List.of());
        boolean hostNetwork = Boolean.TRUE.equals(situation.spec().getHostNetwork());
        if (ips.isEmpty() && hostNetwork && situation.observed().sandbox().isPresent()) {
            ips = hostIps;
        }
        if (ips.isEmpty()) {
            // The address stays visible after the sandbox has gone, as a finished pod's does.
            status.setPodIP(situation.previous().getPodIP());
            status.setPodIPs(situation.previous().getPodIPs());
            return;
        }
        status.setPodIP(ips.getFirst());
        status.setPodIPs(ips.stream().map(PodIP::new).toList());
    }
}
