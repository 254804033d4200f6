package dev.burstlet.sync;

import dev.burstlet.pod.Copies;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The status to write, from what the API server has and what the host reports: the host's word,
 * except that a status never goes backwards and that what others wrote stays. Pure.
 */
final class StatusMerge {
    /** Conditions of a pod that a kubelet writes, whoever wrote them before. */
    private static final Set<String> OWNED =
            Set.of(
                    "PodReadyToStartContainers",
                    "PodScheduled",
                    "Initialized",
                    "ContainersReady",
                    "Ready",
                    "PodResizePending",
                    "PodResizeInProgress",
                    "AllContainersRestarting");

    private static final Set<String> TERMINAL = Set.of("Succeeded", "Failed");
    private static final int KILLED = 137;

    private final PodStatus api;
    private final PodStatus told;

    private StatusMerge(PodStatus api, PodStatus told) {
        this.api = api;
        this.told = told;
    }

    static boolean isTerminal(Pod pod) {
        return pod.getStatus() != null && isTerminal(pod.getStatus());
    }

    static boolean isTerminal(PodStatus status) {
        return status.getPhase() != null && TERMINAL.contains(status.getPhase());
    }

    /** The status to write. */
    static PodStatus merge(PodStatus api, PodStatus told) {
        return new StatusMerge(api, told).merged();
    }

    /**
     * The status of a pod of which nothing is on the host any more: terminal, and containers of
     * whose end nobody knows are said to have been lost.
     */
    static PodStatus ended(PodStatus merged, Pod pod, Instant now) {
        PodStatus status = Copies.of(merged);
        boolean initialized = initialized(pod, status);
        if (initialized) {
            status.setContainerStatuses(lost(pod, status.getContainerStatuses()));
        }
        if (!isTerminal(status)) {
            boolean well =
                    initialized
                            && status.getContainerStatuses().stream().allMatch(StatusMerge::isWell);
            status.setPhase(well ? "Succeeded" : "Failed");
        }
        status.setConditions(merged.getConditions().stream().map(c -> completed(c, now)).toList());
        return status;
    }

    private static PodCondition completed(PodCondition condition, Instant now) {
        boolean readiness =
                condition.getType().equals("Ready")
                        || condition.getType().equals("ContainersReady");
        if (!readiness || !"True".equals(condition.getStatus())) {
            return condition;
        }
        PodCondition completed = Copies.of(condition);
        completed.setStatus("False");
        completed.setReason("PodCompleted");
        completed.setLastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS).toString());
        return completed;
    }

    /**
     * The same of a pod that is being deleted, which is all that its newest generation asks for.
     * Told with what else there is to tell, as it is not worth a write of its own.
     */
    static PodStatus ending(PodStatus merged, Pod pod) {
        @Nullable Long generation = pod.getMetadata().getGeneration();
        PodStatus status = Copies.of(merged);
        status.setObservedGeneration(generation);
        status.setConditions(
                merged.getConditions().stream().map(c -> newest(c, generation)).toList());
        return status;
    }

    private static PodCondition newest(PodCondition condition, @Nullable Long generation) {
        if (!OWNED.contains(condition.getType())) {
            return condition;
        }
        PodCondition newest = Copies.of(condition);
        newest.setObservedGeneration(generation);
        return newest;
    }

    private static boolean isWell(ContainerStatus container) {
        return container.getState().getTerminated().getExitCode() == 0;
    }

    /** Whether the pod came so far that its main containers may have run. */
    private static boolean initialized(Pod pod, PodStatus status) {
        List<Container> inits = pod.getSpec().getInitContainers();
        if (inits.isEmpty()
                || status.getContainerStatuses().stream()
                        .anyMatch(
                                c -> c.getContainerID() != null && !c.getContainerID().isEmpty())) {
            return true;
        }
        Container last = inits.getLast();
        ContainerStatus of = byName(status.getInitContainerStatuses()).get(last.getName());
        return of != null
                && ("Always".equals(last.getRestartPolicy())
                        ? Boolean.TRUE.equals(of.getStarted())
                        : isEnded(of) && isWell(of));
    }

    private static List<ContainerStatus> lost(Pod pod, List<ContainerStatus> known) {
        Map<String, ContainerStatus> byName = byName(known);
        List<ContainerStatus> all = new ArrayList<>();
        for (var container : pod.getSpec().getContainers()) {
            ContainerStatus status = byName.get(container.getName());
            boolean ended =
                    status != null
                            && status.getState() != null
                            && status.getState().getTerminated() != null;
            if (status != null && ended) {
                all.add(status);
                continue;
            }
            ContainerStatusBuilder builder =
                    status == null
                            ? new ContainerStatusBuilder()
                                    .withName(container.getName())
                                    .withImage(container.getImage())
                                    .withImageID("")
                                    .withRestartCount(0)
                            : new ContainerStatusBuilder(status);
            all.add(
                    builder.withReady(false)
                            .withStarted(false)
                            .withState(
                                    new ContainerStateBuilder()
                                            .withNewTerminated()
                                            .withExitCode(KILLED)
                                            .withReason("ContainerStatusUnknown")
                                            .withMessage(
                                                    "The container could not be located when the"
                                                            + " pod was terminated")
                                            .endTerminated()
                                            .build())
                            .build());
        }
        return all;
    }

    private PodStatus merged() {
        PodStatus next = Copies.of(told);
        next.setConditions(conditions());
        next.setContainerStatuses(
                containers(api.getContainerStatuses(), told.getContainerStatuses()));
        next.setInitContainerStatuses(
                containers(api.getInitContainerStatuses(), told.getInitContainerStatuses()));
        next.setEphemeralContainerStatuses(
                containers(
                        api.getEphemeralContainerStatuses(), told.getEphemeralContainerStatuses()));
        next.setNominatedNodeName(api.getNominatedNodeName());
        next.setResourceClaimStatuses(api.getResourceClaimStatuses());
        next.setExtendedResourceClaimStatus(api.getExtendedResourceClaimStatus());
        next.setNodeAllocatableResourceClaimStatuses(api.getNodeAllocatableResourceClaimStatuses());
        if (api.getStartTime() != null) {
            next.setStartTime(api.getStartTime());
        }
        if (api.getQosClass() != null) {
            next.setQosClass(api.getQosClass());
        }
        next.setObservedGeneration(
                larger(api.getObservedGeneration(), told.getObservedGeneration()));
        if (isTerminal(api) || told.getPhase() == null) {
            next.setPhase(api.getPhase());
            next.setReason(api.getReason());
            next.setMessage(api.getMessage());
        }
        return next;
    }

    private static @Nullable Long larger(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.max(one, other);
    }

    private List<PodCondition> conditions() {
        List<PodCondition> all = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (PodCondition old : api.getConditions()) {
            PodCondition now = find(told.getConditions(), old.getType());
            boolean theirs =
                    !OWNED.contains(old.getType()) && !old.getType().equals("DisruptionTarget");
            if (theirs) {
                all.add(old);
                taken.add(old.getType());
            } else if (now != null) {
                all.add(sinceWhen(old, now));
                taken.add(old.getType());
            } else if (told.getConditions().isEmpty() || old.getType().equals("DisruptionTarget")) {
                all.add(old);
                taken.add(old.getType());
            }
        }
        told.getConditions().stream().filter(now -> taken.add(now.getType())).forEach(all::add);
        return all;
    }

    private static @Nullable PodCondition find(List<PodCondition> conditions, String type) {
        for (PodCondition condition : conditions) {
            if (condition.getType().equals(type)) {
                return condition;
            }
        }
        return null;
    }

    private static PodCondition sinceWhen(PodCondition old, PodCondition now) {
        if (Objects.equals(old.getStatus(), now.getStatus())) {
            PodCondition same = Copies.of(now);
            same.setLastTransitionTime(old.getLastTransitionTime());
            same.setLastProbeTime(old.getLastProbeTime());
            return same;
        }
        return now;
    }

    /**
     * A restart count never falls; what the API server knows stays where the host knows nothing.
     */
    private List<ContainerStatus> containers(
            List<ContainerStatus> before, List<ContainerStatus> now) {
        if (now.isEmpty()) {
            return before;
        }
        if (isTerminal(api) && !now.stream().allMatch(StatusMerge::isEnded)) {
            return before;
        }
        Map<String, ContainerStatus> old = byName(before);
        List<ContainerStatus> all = new ArrayList<>(now.size());
        for (ContainerStatus status : now) {
            ContainerStatus was = old.get(status.getName());
            if (was != null && count(was) > count(status)) {
                all.add(new ContainerStatusBuilder(status).withRestartCount(count(was)).build());
            } else {
                all.add(status);
            }
        }
        return all;
    }

    private static boolean isEnded(ContainerStatus status) {
        return status.getState() != null && status.getState().getTerminated() != null;
    }

    private static int count(ContainerStatus status) {
        return Objects.requireNonNullElse(status.getRestartCount(), 0);
    }

    private static Map<String, ContainerStatus> byName(List<ContainerStatus> statuses) {
        Map<String, ContainerStatus> byName = new HashMap<>();
        statuses.forEach(status -> byName.put(status.getName(), status));
        return byName;
    }
}
