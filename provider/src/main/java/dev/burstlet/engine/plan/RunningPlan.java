package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.engine.plan.InstanceMemory.PostStart;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is due for a container that runs: its postStart hook, its end by probe or change. */
final class RunningPlan {
    private final Draft draft;
    private final Situation situation;
    private final KillPlan kills;

    RunningPlan(Draft draft, KillPlan kills) {
        this.draft = draft;
        this.situation = draft.situation;
        this.kills = kills;
    }

    /** Looks after a running container; says whether those that follow may start. */
    boolean tend(Member member, ContainerStatus running) {
        InstanceMemory memory = draft.memory().instance(running.id());
        if (memory.killing() != null) {
            return true;
        }
        if (draft.memory().container(member.name()).setback() != null
                && memory.postStart() == PostStart.DONE) {
            draft.remember(m -> m.container(member.name(), c -> c.setBack(null)));
        }
        if (memory.postStart() == PostStart.PENDING) {
            if (member.postStart() != null) {
                draft.begin(
                        new Action.RunPostStart(running.id(), member.name(), running.sandboxId()));
                endIfDue(member, running, memory);
                return false;
            }
            draft.remember(m -> m.instance(running.id(), i -> i.postStart(PostStart.DONE)));
        }
        endIfDue(member, running, memory);
        return true;
    }

    /** Whether a sidecar has come so far that the next init container may start. */
    boolean started(ContainerStatus running) {
        return draft.memory().instance(running.id()).postStart() == PostStart.DONE
                && situation.health(running.id()).started();
    }

    private void endIfDue(Member member, ContainerStatus running, InstanceMemory memory) {
        if (member.kind() == ContainerKind.EPHEMERAL) {
            return;
        }
        Health health = situation.health(running.id());
        String subject = "Container " + member.name();
        if (Situation.changed(member, running)
                && (member.kind() == ContainerKind.APP || member.sidecar())) {
            end(running, subject + " definition changed, will be restarted", null);
        } else if (new ResizePlan(draft).needsRestart(member, running)) {
            end(running, subject + " resize requires restart", null);
        } else if (memory.postStart() == PostStart.FAILED) {
            end(running, "FailedPostStartHook", null);
        } else if (health.failure() != null) {
            boolean again = member.sidecar() || !never(member);
            String consequence = again ? ", will be restarted" : "";
            end(running, subject + " " + health.failure() + consequence, health.graceSeconds());
        }
    }

    private boolean never(Member member) {
        return RestartRules.policy(situation.spec(), member).equals("Never");
    }

    private void end(ContainerStatus running, String message, @Nullable Long graceSeconds) {
        Duration grace =
                graceSeconds == null ? situation.grace() : Duration.ofSeconds(graceSeconds);
        kills.begin(running, message, situation.now().plus(grace), false);
    }
}
