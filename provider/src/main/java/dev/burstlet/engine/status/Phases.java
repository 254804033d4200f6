package dev.burstlet.engine.status;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.engine.plan.Member;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.engine.plan.PodPlan;
import dev.burstlet.engine.plan.RestartRules;
import dev.burstlet.engine.plan.Situation;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod's phase from the states of its containers (Kubernetes: pod lifecycle, pod phase). */
final class Phases {
    static final String PENDING = "Pending";
    static final String RUNNING = "Running";
    static final String SUCCEEDED = "Succeeded";
    static final String FAILED = "Failed";

    private final Situation situation;
    private final PodMemory memory;

    Phases(Situation situation, PodMemory memory) {
        this.situation = situation;
        this.memory = memory;
    }

    /** The phase as the containers stand, whether or not something of the pod still runs. */
    String of(Map<String, ContainerStatus> statuses) {
        if (initFailed(statuses)) {
            return FAILED;
        }
        boolean initializing = initializing(statuses);
        int running = 0;
        int waiting = 0;
        int stopped = 0;
        int succeeded = 0;
        boolean again = false;
        for (Member member : situation.members(ContainerKind.APP)) {
            @Nullable ContainerStatus status = statuses.get(member.name());
            ContainerState state = status == null ? new ContainerState() : status.getState();
            if (state.getRunning() != null) {
                running++;
            } else if (state.getTerminated() != null) {
                stopped++;
                succeeded += state.getTerminated().getExitCode() == 0 ? 1 : 0;
                again |= PodPlan.restarts(situation, memory, member);
            } else if (status != null
                    && status.getLastState() != null
                    && status.getLastState().getTerminated() != null) {
                stopped++;
                again = true;
            } else {
                waiting++;
            }
        }
        if ((initializing && running == 0 && stopped == 0) || waiting > 0) {
            return PENDING;
        }
        if (running > 0 || again) {
            return RUNNING;
        }
        return stopped == 0 ? PENDING : stopped == succeeded ? SUCCEEDED : FAILED;
    }

    private boolean initFailed(Map<String, ContainerStatus> statuses) {
        for (Member member : situation.members(ContainerKind.INIT)) {
            @Nullable ContainerStateTerminated end = terminated(statuses.get(member.name()));
            if (end != null
                    && end.getExitCode() != 0
                    && !member.sidecar()
                    && !situation.initialized()
                    && !RestartRules.restarts(situation.spec(), member, end.getExitCode())) {
                return true;
            }
        }
        return false;
    }

    private boolean initializing(Map<String, ContainerStatus> statuses) {
        for (Member member : situation.members(ContainerKind.INIT)) {
            @Nullable ContainerStatus status = statuses.get(member.name());
            boolean done =
                    status != null
                            && (member.sidecar()
                                    ? Boolean.TRUE.equals(status.getStarted())
                                    : Boolean.TRUE.equals(status.getReady()));
            if (!done) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable ContainerStateTerminated terminated(@Nullable ContainerStatus status) {
        return status == null || status.getState() == null
                ? null
                : status.getState().getTerminated();
    }
}
