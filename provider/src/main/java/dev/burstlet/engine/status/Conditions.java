package dev.burstlet.engine.status;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.engine.plan.Ending;
import dev.burstlet.engine.plan.InstanceMemory;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.ResizePlan;
import dev.burstlet.engine.plan.Setback;
import dev.burstlet.engine.plan.Situation;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The conditions of a pod that are a kubelet's to tell. */
final class Conditions {
    private final Situation situation;
    private final PodMemory memory;
    private final @Nullable Long generation;

    Conditions(Situation situation, PodMemory memory, @Nullable Long generation) {
        this.situation = situation;
        this.memory = memory;
        this.generation = generation;
    }

    List<PodCondition> of(String phase, Map<String, ContainerStatus> statuses) {
        List<PodCondition> conditions = new ArrayList<>();
        boolean sandbox = !memory.finished() && situation.observed().readySandbox().isPresent();
        conditions.add(condition("PodReadyToStartContainers", sandbox, null, null));
        conditions.add(initialized(phase, statuses));
        PodCondition containers = containersReady(phase, statuses);
        conditions.add(ready(containers));
        conditions.add(containers);
        conditions.add(condition("PodScheduled", true, null, null));
        resizePending().ifPresent(conditions::add);
        resizeInProgress().ifPresent(conditions::add);
        Ending.@Nullable Verdict verdict =
                memory.ending() == null ? null : memory.ending().verdict();
        if (verdict != null && verdict.disruption() != null) {
            conditions.add(
                    condition(
                            "DisruptionTarget",
                            true,
                            "TerminationByKubelet",
                            verdict.disruption()));
        } else {
            previous("DisruptionTarget").ifPresent(conditions::add);
        }
        return conditions;
    }

    private PodCondition initialized(String phase, Map<String, ContainerStatus> statuses) {
        List<String> incomplete = new ArrayList<>();
        for (Member member : situation.members(ContainerKind.INIT)) {
            @Nullable ContainerStatus status = statuses.get(member.name());
            boolean done =
                    status != null
                            && (member.sidecar()
                                    ? Boolean.TRUE.equals(status.getStarted())
                                    : Boolean.TRUE.equals(status.getReady()));
            if (!done) {
                incomplete.add(member.name());
            }
        }
        if (phase.equals(Phases.SUCCEEDED)) {
            return condition("Initialized", true, "PodCompleted", null);
        }
        boolean started =
                situation.members(ContainerKind.APP).stream()
                        .anyMatch(m -> situation.observed().newest(m.name()).isPresent());
        return incomplete.isEmpty() || (started && situation.initialized())
                ? condition("Initialized", true, null, null)
                : condition(
                        "Initialized",
                        false,
                        "ContainersNotInitialized",
                        "containers with incomplete status: " + names(incomplete));
    }

    private PodCondition containersReady(String phase, Map<String, ContainerStatus> statuses) {
        if (phase.equals(Phases.SUCCEEDED)) {
            return condition("ContainersReady", false, "PodCompleted", null);
        }
        if (phase.equals(Phases.FAILED)) {
            return condition("ContainersReady", false, "PodFailed", null);
        }
        List<String> unready = new ArrayList<>();
        for (Member member : situation.members()) {
            @Nullable ContainerStatus status = statuses.get(member.name());
            boolean counts = member.kind() == ContainerKind.APP || member.sidecar();
            if (counts && (status == null || !Boolean.TRUE.equals(status.getReady()))) {
                unready.add(member.name());
            }
        }
        return unready.isEmpty()
                ? condition("ContainersReady", true, null, null)
                : condition(
                        "ContainersReady",
                        false,
                        "ContainersNotReady",
                        "containers with unready status: " + names(unready));
    }

    private PodCondition ready(PodCondition containers) {
        if (!"True".equals(containers.getStatus())) {
            return condition("Ready", false, containers.getReason(), containers.getMessage());
        }
        List<String> missing = new ArrayList<>();
        for (PodReadinessGate gate : situation.spec().getReadinessGates()) {
            Optional<PodCondition> of = fromApi(gate.getConditionType());
            if (of.isEmpty()) {
                missing.add(
                        "corresponding condition of pod readiness gate \"%s\" does not exist."
                                .formatted(gate.getConditionType()));
            } else if (!"True".equals(of.get().getStatus())) {
                missing.add(
                        "the status of pod readiness gate \"%s\" is not \"True\", but %s"
                                .formatted(gate.getConditionType(), of.get().getStatus()));
            }
        }
        return missing.isEmpty()
                ? condition("Ready", true, null, null)
                : condition("Ready", false, "ReadinessGatesNotReady", String.join(", ", missing));
    }

    private Optional<PodCondition> resizePending() {
        return Optional.ofNullable(situation.held())
                .map(held -> condition("PodResizePending", true, held.reason(), held.message()));
    }

    private Optional<PodCondition> resizeInProgress() {
        boolean going =
                situation.members().stream()
                        .anyMatch(m -> ResizePlan.pending(situation, memory, m.name()));
        if (!going) {
            return Optional.empty();
        }
        @Nullable Setback failure =
                memory.instances().values().stream()
                        .map(InstanceMemory::resizeFailure)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        return Optional.of(
                condition(
                        "PodResizeInProgress",
                        true,
                        failure == null ? null : failure.reason(),
                        failure == null ? null : failure.message()));
    }

    /** Gates are set by others, so the API server's word counts, not ours. */
    private Optional<PodCondition> fromApi(String type) {
        return situation.bundle() == null || situation.bundle().pod().getStatus() == null
                ? Optional.empty()
                : situation.bundle().pod().getStatus().getConditions().stream()
                        .filter(c -> c.getType().equals(type))
                        .findFirst();
    }

    private PodCondition condition(
            String type, boolean status, @Nullable String reason, @Nullable String message) {
        String word = status ? "True" : "False";
        String since =
                previous(type)
                        .filter(c -> word.equals(c.getStatus()))
                        .map(PodCondition::getLastTransitionTime)
                        .orElse(Times.seconds(situation.now()));
        PodCondition condition = new PodCondition();
        condition.setType(type);
        condition.setStatus(word);
        condition.setReason(reason);
        condition.setMessage(message);
        condition.setLastTransitionTime(since);
        condition.setObservedGeneration(generation);
        return condition;
    }

    private Optional<PodCondition> previous(String type) {
        for (PodCondition condition : situation.previous().getConditions()) {
            if (condition.getType().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    private static String names(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }
}
