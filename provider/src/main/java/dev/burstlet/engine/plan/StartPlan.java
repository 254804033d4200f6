package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The start of one container: in its turn, after its back-off. Containers start one after another
 * in the spec's order, as the kubelet starts them; the images of those that wait for their turn are
 * fetched meanwhile.
 */
final class StartPlan {
    /** The exit code of what SIGKILL ended. */
    private static final int KILLED = 137;

    private final Draft draft;
    private final Situation situation;
    private final String sandboxId;
    private boolean turnTaken;

    StartPlan(Draft draft, String sandboxId) {
        this.draft = draft;
        this.situation = draft.situation;
        this.sandboxId = sandboxId;
    }

    /** Keeps those that follow from starting: a start or a postStart hook goes on. */
    void takeTurn() {
        turnTaken = true;
    }

    /** Starts a container unless it has to wait; says whether it goes on to be started. */
    boolean start(Member member) {
        String name = member.name();
        if (draft.memory().busy("start/" + name) || draft.memory().busy("image/" + name)) {
            turnTaken = true;
            return true;
        }
        @Nullable ContainerStatus newest = situation.observed().newest(name).orElse(null);
        if (setBack(member, newest)) {
            return false;
        }
        if (turnTaken) {
            if (draft.memory().container(name).image() == null) {
                draft.begin(new Action.FetchImage(name, member.kind()));
            }
            return true;
        }
        turnTaken = true;
        draft.begin(action(member, newest));
        return true;
    }

    private Action action(Member member, @Nullable ContainerStatus newest) {
        String name = member.name();
        ContainerMemory memory = draft.memory().container(name);
        if (newest != null
                && newest.state() instanceof State.Created
                && newest.sandboxId().equals(sandboxId)
                && !Situation.changed(member, newest)) {
            return new Action.StartContainer(
                    name, member.kind(), newest.attempt(), sandboxId, newest, null);
        }
        int attempt = situation.nextAttempt(member, memory);
        @Nullable Instant ended = endedAt(name, newest);
        if (ended != null) {
            CrashBackOff next =
                    CrashBackOff.next(
                            crash(member, newest),
                            member.hash(),
                            ended,
                            situation.rules(),
                            situation.now());
            draft.remember(m -> m.container(name, c -> c.crashed(next)));
        }
        return new Action.StartContainer(name, member.kind(), attempt, sandboxId, null, ended);
    }

    /** Whether the container has to wait before its next start. */
    private boolean setBack(Member member, @Nullable ContainerStatus newest) {
        String name = member.name();
        Instant now = situation.now();
        @Nullable Instant ended = endedAt(name, newest);
        if (ended != null && newest != null) {
            @Nullable CrashBackOff crash = crash(member, newest);
            @Nullable Instant until =
                    CrashBackOff.until(crash, member.hash(), ended, situation.rules());
            if (crash != null && until != null && now.isBefore(until)) {
                tellCrash(member, crash, until);
                draft.wakeAt(until);
                return true;
            }
        }
        @Nullable Setback setback = draft.memory().container(name).setback();
        if (setback != null && !isCrash(setback) && setback.holds(now, situation.revision())) {
            draft.wakeAt(setback.retryAt());
            return true;
        }
        return false;
    }

    private void tellCrash(Member member, CrashBackOff crash, Instant until) {
        @Nullable Setback known = draft.memory().container(member.name()).setback();
        if (known != null && isCrash(known) && known.retryAt().equals(until)) {
            return;
        }
        PodKey key = situation.key();
        String pod = key.name() + "_" + key.namespace() + "(" + key.uid() + ")";
        String message =
                "back-off %s restarting failed container=%s pod=%s"
                        .formatted(inWords(crash.delay()), member.name(), pod);
        Setback setback = new Setback("CrashLoopBackOff", message, 0, until, Long.MAX_VALUE);
        draft.remember(m -> m.container(member.name(), c -> c.setBack(setback)));
        draft.tell(
                PodEvent.Type.WARNING,
                "BackOff",
                "Back-off restarting failed container %s in pod %s".formatted(member.name(), pod),
                member.fieldPath());
    }

    private @Nullable CrashBackOff crash(Member member, @Nullable ContainerStatus newest) {
        @Nullable CrashBackOff known = draft.memory().container(member.name()).crash();
        if (known != null || newest == null || member.kind() == ContainerKind.EPHEMERAL) {
            return known;
        }
        return CrashBackOff.adopted(newest, member.hash(), situation.rules());
    }

    private static boolean isCrash(Setback setback) {
        return setback.reason().equals("CrashLoopBackOff");
    }

    /**
     * When the container ended of itself. One that was killed with a sandbox that had died has not
     * failed: what counts is the instance before it.
     */
    private @Nullable Instant endedAt(String name, @Nullable ContainerStatus newest) {
        if (newest == null || !(newest.state() instanceof State.Exited exited)) {
            return null;
        }
        boolean withSandbox =
                !newest.sandboxId().equals(sandboxId)
                        && exited.exitCode() == KILLED
                        && !exited.reason().equals("OOMKilled");
        if (!withSandbox) {
            return exited.finishedAt();
        }
        return situation.observed().instances(name).stream()
                .skip(1)
                .map(ContainerStatus::state)
                .flatMap(state ->
                        state instanceof State.Exited before
                                ? Stream.of(before.finishedAt())
                                : Stream.empty())
                .findFirst()
                .orElse(null);
    }

    /** As Go prints a duration of whole seconds: 10s, 1m20s, 5m0s. */
    static String inWords(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
    }
}
