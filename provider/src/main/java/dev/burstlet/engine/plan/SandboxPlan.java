package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.pod.PodEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pod's sandbox and the contents of its volumes. */
final class SandboxPlan {
    private final Draft draft;
    private final Situation situation;

    SandboxPlan(Draft draft) {
        this.draft = draft;
        this.situation = draft.situation;
    }

    /** What containers can do in the sandbox. */
    enum Standing {
        /** They can be started. */
        USABLE,
        /** They go on, but none can be started yet. */
        PREPARING,
        /** There is no sandbox and none is to be made: the pod has ended with its containers. */
        GONE
    }

    Standing plan() {
        if (draft.memory().busy("sandbox")) {
            return Standing.PREPARING;
        }
        Optional<SandboxStatus> ready = situation.observed().readySandbox();
        return ready.isPresent() ? contents(ready.get()) : replace();
    }

    /** Brings the contents of a usable sandbox up to date, for containers that go on. */
    void refresh() {
        situation.observed().readySandbox().ifPresent(this::publish);
    }

    private Standing contents(SandboxStatus sandbox) {
        // An adopted sandbox has its contents; they are only brought up to date.
        boolean adopted =
                situation.observed().containers().stream()
                        .anyMatch(c -> c.sandboxId().equals(sandbox.id()));
        PodMemory.@Nullable Published published = draft.memory().published();
        if (adopted || (published != null && published.sandboxId().equals(sandbox.id()))) {
            return Standing.USABLE;
        }
        publish(sandbox);
        return Standing.PREPARING;
    }

    private void publish(SandboxStatus sandbox) {
        PodMemory.@Nullable Published published = draft.memory().published();
        boolean fresh =
                published != null
                        && published.sandboxId().equals(sandbox.id())
                        && published.revision() >= situation.revision();
        if (!fresh && !heldBack()) {
            draft.begin(new Action.Publish(sandbox.id()));
        }
    }

    private Standing replace() {
        @Nullable SandboxStatus dead = situation.observed().sandbox().orElse(null);
        if (!wanted(dead != null)) {
            return Standing.GONE;
        }
        if (dead != null && situation.observed().anyRunning()) {
            draft.begin(new Action.StopSandbox(dead.id(), false));
            return Standing.PREPARING;
        }
        if (draft.memory().busy(Action.StopSandbox.class) || heldBack()) {
            return Standing.PREPARING;
        }
        if (dead != null && draft.memory().sandboxSetback() == null) {
            draft.tell(
                    PodEvent.Type.NORMAL,
                    "SandboxChanged",
                    "Pod sandbox changed, it will be killed and re-created.",
                    null);
        }
        draft.begin(new Action.StartSandbox(dead == null ? 0 : dead.attempt() + 1));
        return Standing.PREPARING;
    }

    /** Whether anything is left to run in a new sandbox. */
    private boolean wanted(boolean hadOne) {
        boolean existed = hadOne && !situation.observed().containers().isEmpty();
        if (existed && "Never".equals(situation.spec().getRestartPolicy())) {
            return situation.members(ContainerKind.APP).stream()
                    .anyMatch(m -> m.spec().getRestartPolicy() != null && mayRun(m));
        }
        return situation.members(ContainerKind.APP).stream().anyMatch(this::mayRun);
    }

    private boolean mayRun(Member member) {
        Optional<ContainerStatus> newest = situation.observed().newest(member.name());
        return newest.isEmpty()
                || RestartRules.restarts(
                        situation.spec(),
                        member,
                        newest.get(),
                        draft.memory().instance(newest.get().id()));
    }

    private boolean heldBack() {
        @Nullable Setback setback = draft.memory().sandboxSetback();
        if (setback != null && setback.holds(situation.now(), situation.revision())) {
            draft.wakeAt(setback.retryAt());
            return true;
        }
        return false;
    }
}
