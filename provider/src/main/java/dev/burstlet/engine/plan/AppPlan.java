package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import org.jspecify.annotations.Nullable;

/** The main and the ephemeral containers of a pod whose init containers are done. */
final class AppPlan {
    private final Draft draft;
    private final Situation situation;
    private final RunningPlan running;
    private final KillPlan kills;

    AppPlan(Draft draft, RunningPlan running, KillPlan kills) {
        this.draft = draft;
        this.situation = draft.situation;
        this.running = running;
        this.kills = kills;
    }

    /** Whether every main container has ended for good. */
    boolean over() {
        return situation.members(ContainerKind.APP).stream()
                .allMatch(m ->
                        !draft.memory().busy("start/" + m.name())
                                && situation
                                        .observed()
                                        .newest(m.name())
                                        .map(c -> !restarts(m, c))
                                        .orElse(false));
    }

    /** Keeps the main containers up; says whether any of them runs or will run again. */
    boolean apps(StartPlan starts) {
        boolean alive = false;
        for (Member member : situation.members(ContainerKind.APP)) {
            alive |= keepUp(member, starts);
        }
        return alive;
    }

    private boolean keepUp(Member member, StartPlan starts) {
        @Nullable ContainerStatus newest = situation.observed().newest(member.name()).orElse(null);
        if (newest != null && newest.running()) {
            if (!current(newest)) {
                String message = "Stopping container " + member.name();
                kills.begin(newest, message, situation.now(), true);
            } else if (!running.tend(member, newest)) {
                starts.takeTurn();
            }
            return true;
        }
        if (newest != null && !restarts(member, newest)) {
            return draft.memory().busy("start/" + member.name());
        }
        starts.start(member);
        return true;
    }

    /** Ephemeral containers run once, whatever comes of it. */
    void ephemerals(StartPlan starts) {
        for (Member member : situation.members(ContainerKind.EPHEMERAL)) {
            @Nullable ContainerStatus newest =
                    situation.observed().newest(member.name()).orElse(null);
            if (newest == null ? neverReported(member) : newest.state() instanceof State.Created) {
                starts.start(member);
            } else if (newest != null && newest.running()) {
                running.tend(member, newest);
            }
        }
    }

    private boolean neverReported(Member member) {
        return draft.memory().container(member.name()).highestAttempt() < 0
                && situation
                        .previous(member)
                        .map(s -> s.getContainerID() == null || s.getContainerID().isEmpty())
                        .orElse(true);
    }

    private boolean restarts(Member member, ContainerStatus newest) {
        return RestartRules.pastRound(situation, newest)
                || RestartRules.restarts(
                        situation.spec(), member, newest, draft.memory().instance(newest.id()));
    }

    private boolean current(ContainerStatus container) {
        return situation.current(container.name()).isPresent();
    }
}
