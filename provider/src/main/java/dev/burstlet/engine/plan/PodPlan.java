package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.pod.PodEvent;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The next steps of one pod: pure. */
public final class PodPlan {
    private static final String DEADLINE_MESSAGE =
            "Pod was active on the node longer than the specified deadline";

    private final Draft draft;
    private final Situation situation;
    private final KillPlan kills;
    private final EndPlan ends;
    private final KeepPlan keeps;

    private PodPlan(Draft draft) {
        this.draft = draft;
        this.situation = draft.situation;
        this.kills = new KillPlan(draft);
        this.ends = new EndPlan(draft, kills);
        this.keeps = new KeepPlan(draft);
    }

    /** What to do next, with the memory as it is once that has begun. */
    public static Plan of(Situation situation, PodMemory memory) {
        Draft draft = new Draft(situation, noteAttempts(situation, memory));
        new PodPlan(draft).plan();
        return draft.done();
    }

    private void plan() {
        keeps.readMessages();
        noteDeletion();
        noteDeadline();
        @Nullable Ending ending = draft.memory().ending();
        if (draft.memory().removed()) {
            return;
        }
        if (ending != null) {
            ends.end(ending);
        } else if (draft.memory().finished() || situation.ended()) {
            draft.remember(PodMemory::finish);
            ends.finished();
        } else if (situation.bundle() != null) {
            run();
        }
    }

    private void run() {
        SandboxPlan sandbox = new SandboxPlan(draft);
        switch (sandbox.plan()) {
            case USABLE -> containers(sandbox);
            case PREPARING -> kills.advance();
            case GONE -> ends.complete();
        }
    }

    private void containers(SandboxPlan sandbox) {
        String sandboxId = situation.observed().readySandbox().orElseThrow().id();
        if (endPastRound()) {
            kills.advance();
            return;
        }
        StartPlan starts = new StartPlan(draft, sandboxId);
        RunningPlan running = new RunningPlan(draft, kills);
        AppPlan apps = new AppPlan(draft, running, kills);
        if (apps.over()) {
            ends.complete();
            return;
        }
        apps.ephemerals(new StartPlan(draft, sandboxId));
        boolean alive =
                switch (new InitPlan(draft, starts, running).plan()) {
                    case DONE -> apps.apps(starts);
                    case GOING_ON -> true;
                    case FAILED -> false;
                };
        if (!alive) {
            ends.complete();
            return;
        }
        kills.advance();
        keeps.removeSurplus();
        // Last, as a pod that completes has no use for it: begun and given up, it would go round.
        sandbox.refresh();
    }

    /** Ends what still runs of a round before all containers were to restart. */
    private boolean endPastRound() {
        boolean any = false;
        for (ContainerStatus container : situation.observed().containers()) {
            boolean past =
                    container.kind() != ContainerKind.EPHEMERAL
                            && container.running()
                            && RestartRules.pastRound(situation, container);
            if (past) {
                String message =
                        "Container %s will be restarted with all containers of the pod"
                                .formatted(container.name());
                kills.begin(container, message, situation.now().plus(situation.grace()), false);
            }
            any |= past;
        }
        return any;
    }

    private void noteDeletion() {
        if (situation.bundle() == null) {
            return;
        }
        ObjectMeta pod = situation.bundle().pod().getMetadata();
        if (pod.getDeletionTimestamp() == null) {
            return;
        }
        // Whole from when it is heard of, as a kubelet's: what was away meanwhile took none of it.
        @Nullable Long seconds = pod.getDeletionGracePeriodSeconds();
        Duration grace = seconds == null ? situation.grace() : Ending.grace(seconds);
        Instant deadline = situation.now().plus(grace);
        draft.remember(m -> m.ending(new Ending(deadline, false, "", false, null)));
    }

    private void noteDeadline() {
        if (situation.bundle() == null || draft.memory().ending() != null) {
            return;
        }
        @Nullable Long seconds = situation.spec().getActiveDeadlineSeconds();
        if (seconds == null || draft.memory().finished() || situation.ended()) {
            return;
        }
        Instant due = situation.acceptedAt().plusSeconds(seconds);
        if (situation.now().isBefore(due)) {
            draft.wakeAt(due);
            return;
        }
        draft.tell(PodEvent.Type.NORMAL, "DeadlineExceeded", DEADLINE_MESSAGE, null);
        Duration grace = situation.grace();
        Ending.Verdict verdict = new Ending.Verdict("DeadlineExceeded", DEADLINE_MESSAGE, null);
        draft.remember(
                m -> m.ending(new Ending(situation.now().plus(grace), false, "", false, verdict)));
    }

    private static PodMemory noteAttempts(Situation situation, PodMemory memory) {
        PodMemory noted = memory.keepInstances(situation.observed());
        for (Member member : situation.members()) {
            int seen =
                    situation
                            .observed()
                            .newest(member.name())
                            .map(ContainerStatus::attempt)
                            .orElse(-1);
            if (seen > noted.container(member.name()).highestAttempt()) {
                noted = noted.container(member.name(), c -> c.attempted(seen));
            }
        }
        return noted;
    }

    /** Whether any main container is to run again or has not ended: for the status's phase. */
    public static boolean restarts(Situation situation, PodMemory memory, Member member) {
        return member.kind() != ContainerKind.EPHEMERAL
                && !memory.finished()
                && memory.ending() == null
                && situation
                        .observed()
                        .newest(member.name())
                        .map(c ->
                                RestartRules.restarts(
                                        situation.spec(), member, c, memory.instance(c.id())))
                        .orElse(true);
    }
}
