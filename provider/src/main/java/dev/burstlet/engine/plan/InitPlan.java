package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Init containers: one after another, each to its successful end; a sidecar until it has started
 * and then for as long as the pod lives.
 */
final class InitPlan {
    /** How far a pod is with its init containers. */
    enum Progress {
        GOING_ON,
        DONE,
        FAILED
    }

    private final Situation situation;
    private final Draft draft;
    private final StartPlan starts;
    private final RunningPlan running;

    InitPlan(Draft draft, StartPlan starts, RunningPlan running) {
        this.situation = draft.situation;
        this.draft = draft;
        this.starts = starts;
        this.running = running;
    }

    Progress plan() {
        List<Member> inits = situation.members(ContainerKind.INIT);
        boolean initialized = situation.initialized();
        for (int i = 0; i < inits.size(); i++) {
            Member member = inits.get(i);
            boolean passed = initialized || laterExists(inits, i);
            Progress progress = member.sidecar() ? sidecar(member, passed) : once(member, passed);
            if (progress != Progress.DONE) {
                return progress;
            }
        }
        return Progress.DONE;
    }

    private Progress sidecar(Member member, boolean passed) {
        @Nullable ContainerStatus current = situation.current(member.name()).orElse(null);
        if (current != null && current.running()) {
            boolean free = running.tend(member, current);
            return passed || (free && running.started(current)) ? Progress.DONE : Progress.GOING_ON;
        }
        starts.start(member);
        return passed ? Progress.DONE : Progress.GOING_ON;
    }

    private Progress once(Member member, boolean passed) {
        if (passed) {
            return Progress.DONE;
        }
        @Nullable ContainerStatus current = situation.current(member.name()).orElse(null);
        if (current == null) {
            starts.start(member);
            return Progress.GOING_ON;
        }
        return switch (current.state()) {
            case State.Created() -> {
                starts.start(member);
                yield Progress.GOING_ON;
            }
            case State.Running(_) -> {
                running.tend(member, current);
                yield Progress.GOING_ON;
            }
            case State.Exited exited -> ended(member, exited);
        };
    }

    private Progress ended(Member member, State.Exited exited) {
        if (RestartRules.restarts(situation.spec(), member, exited.exitCode())) {
            starts.start(member);
            return Progress.GOING_ON;
        }
        return exited.exitCode() == 0 ? Progress.DONE : Progress.FAILED;
    }

    /** One that was removed behind our back was done if one after it has been made since. */
    private boolean laterExists(List<Member> inits, int index) {
        return inits.stream()
                .skip(index + 1L)
                .anyMatch(m ->
                        situation.current(m.name()).isPresent()
                                && !draft.memory().busy("start/" + m.name()));
    }
}
