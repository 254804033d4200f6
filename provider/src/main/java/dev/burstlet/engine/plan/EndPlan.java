package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.SandboxStatus;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The end of a pod: its containers, then its sandbox, and after a deletion all that is left. */
final class EndPlan {
    private static final Set<Class<? extends Action>> MAKING =
            Set.of(
                    Action.StartSandbox.class,
                    Action.Publish.class,
                    Action.FetchImage.class,
                    Action.StartContainer.class,
                    Action.RunPostStart.class,
                    Action.Resize.class);

    private final Draft draft;
    private final Situation situation;
    private final KillPlan kills;

    EndPlan(Draft draft, KillPlan kills) {
        this.draft = draft;
        this.situation = draft.situation;
        this.kills = kills;
    }

    /** Ends every container; after the last, the sandbox. */
    void end(Ending ending) {
        giveUpMaking();
        kills.beginAll(ending.message(), ending.deadline(), ending.atOnce());
        kills.advance();
        if (ended()) {
            draft.remember(PodMemory::finish);
            if (ending.remove()) {
                remove();
            } else {
                leave();
            }
        }
    }

    /** Ends what still runs of a pod whose main containers are done. */
    void complete() {
        Ending ending = new Ending(situation.now().plus(situation.grace()), false, "", false, null);
        boolean begun =
                situation.observed().containers().stream()
                        .filter(ContainerStatus::running)
                        .allMatch(c -> draft.memory().instance(c.id()).killing() != null);
        giveUpMaking();
        if (!begun) {
            kills.beginAll(ending.message(), ending.deadline(), ending.atOnce());
        }
        kills.advance();
        if (ended()) {
            draft.remember(PodMemory::finish);
            stopSandboxes();
        }
    }

    /** A pod that has ended and was not deleted: its dead containers stay, its address is freed. */
    void finished() {
        kills.beginAll("", situation.now(), true);
        kills.advance();
        if (!situation.observed().anyRunning()) {
            leave();
        }
    }

    /**
     * Dead containers stay for who wants to read their logs, but those of an evicted pod go, as
     * what they take up is what it was evicted for (Kubernetes: node-pressure eviction).
     */
    private void leave() {
        boolean unwanted =
                switch (draft.memory().remains()) {
                    case KEPT -> evicted();
                    case UNWANTED -> true;
                    case CLEARED -> false;
                };
        if (!unwanted) {
            stopSandboxes();
        } else if (!messagesUnread() && !heldBack() && draft.memory().inFlight().isEmpty()) {
            draft.begin(new Action.ClearPod());
        }
    }

    private boolean evicted() {
        @Nullable Ending ending = draft.memory().ending();
        String reason =
                ending == null || ending.verdict() == null
                        ? situation.previous().getReason()
                        : ending.verdict().reason();
        return Ending.EVICTED.equals(reason);
    }

    private void giveUpMaking() {
        for (PodMemory.InFlight flight : List.copyOf(draft.memory().inFlight().values())) {
            if (MAKING.contains(flight.action().getClass())) {
                draft.cancel(flight.action().key());
            }
        }
    }

    private boolean ended() {
        return !situation.observed().anyRunning()
                && draft.memory().inFlight().values().stream()
                        .noneMatch(f -> MAKING.contains(f.action().getClass()));
    }

    private void stopSandboxes() {
        if (messagesUnread() || heldBack()) {
            return;
        }
        for (SandboxStatus sandbox : situation.observed().sandboxes()) {
            if (sandbox.ready()) {
                draft.begin(new Action.StopSandbox(sandbox.id(), true));
            }
        }
    }

    private void remove() {
        if (messagesUnread() || heldBack() || !draft.memory().inFlight().isEmpty()) {
            return;
        }
        draft.begin(new Action.RemovePod());
    }

    private boolean heldBack() {
        @Nullable Setback setback = draft.memory().removalSetback();
        if (setback != null && situation.now().isBefore(setback.retryAt())) {
            draft.wakeAt(setback.retryAt());
            return true;
        }
        return false;
    }

    /** What the containers left can only be read while the sandbox is there. */
    private boolean messagesUnread() {
        return situation.observed().containers().stream()
                .filter(c -> c.state() instanceof State.Exited)
                .anyMatch(c -> draft.memory().busy("message/" + c.id()));
    }
}
