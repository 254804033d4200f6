package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.pod.PodEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of containers: preStop, then the stop signal with what is left of the grace period, at
 * least two seconds. Sidecars run their preStop with the others but get the signal after them, in
 * reverse order (Kubernetes: sidecar containers, termination).
 */
final class KillPlan {
    private final Draft draft;
    private final Situation situation;

    KillPlan(Draft draft) {
        this.draft = draft;
        this.situation = draft.situation;
    }

    /** Begins the end of a running container, or shortens it. */
    void begin(ContainerStatus container, String message, Instant deadline, boolean atOnce) {
        Killing killing = draft.memory().instance(container.id()).killing();
        if (killing == null) {
            String path = Member.fieldPath(container.kind(), container.name());
            draft.tell(PodEvent.Type.NORMAL, "Killing", message, path);
        }
        Killing next =
                killing == null
                        ? new Killing(message, deadline, atOnce)
                        : killing.shortened(deadline, atOnce);
        draft.remember(m -> m.instance(container.id(), i -> i.killing(next)));
    }

    /** Begins the end of every running container. */
    void beginAll(String message, Instant deadline, boolean atOnce) {
        for (ContainerStatus container : situation.observed().containers()) {
            if (container.running()) {
                String text =
                        message.isEmpty() ? "Stopping container " + container.name() : message;
                begin(container, text, deadline, atOnce);
            }
        }
    }

    /** Takes every end that has begun a step further. */
    void advance() {
        for (ContainerStatus container : situation.observed().containers()) {
            Killing killing = draft.memory().instance(container.id()).killing();
            if (container.running() && killing != null) {
                advance(container, killing);
            }
        }
    }

    private void advance(ContainerStatus container, Killing killing) {
        Instant now = situation.now();
        PodMemory.InFlight stop = draft.memory().inFlight().get("stop/" + container.id());
        if (stop != null) {
            shorten(stop, killing);
            return;
        }
        if (runsPreStop(container, killing)) {
            return;
        }
        if (!killing.atOnce() && now.isBefore(killing.deadline()) && awaitsOthers(container)) {
            draft.wakeAt(killing.deadline());
            return;
        }
        if (now.isBefore(killing.retryAt())) {
            draft.wakeAt(killing.retryAt());
            return;
        }
        Duration grace = left(killing);
        Instant deadline = now.plus(grace);
        draft.begin(
                new Action.StopContainer(container.id(), container.name(), grace, deadline),
                deadline);
    }

    /** A stop that one begun now would end before is given up for that one, and no other. */
    private void shorten(PodMemory.InFlight stop, Killing killing) {
        Instant due = situation.now().plus(left(killing));
        if (stop.deadline() != null && due.isBefore(stop.deadline())) {
            draft.cancel(stop.action().key());
        }
    }

    private boolean runsPreStop(ContainerStatus container, Killing killing) {
        String key = "pre-stop/" + container.id();
        boolean over = killing.atOnce() || !situation.now().isBefore(killing.deadline());
        if (draft.memory().busy(key)) {
            if (over) {
                draft.cancel(key);
            } else {
                draft.wakeAt(killing.deadline());
            }
            return true;
        }
        if (killing.preStopDone() || over || !hasPreStop(container)) {
            return false;
        }
        if (situation.now().isBefore(killing.retryAt())) {
            draft.wakeAt(
                    killing.retryAt().isBefore(killing.deadline())
                            ? killing.retryAt()
                            : killing.deadline());
            return true;
        }
        Duration timeout = Duration.between(situation.now(), killing.deadline());
        draft.begin(
                new Action.RunPreStop(
                        container.id(), container.name(), container.sandboxId(), timeout));
        draft.wakeAt(killing.deadline());
        return true;
    }

    private boolean hasPreStop(ContainerStatus container) {
        return situation.member(container.name()).map(m -> m.preStop() != null).orElse(false);
    }

    /** Whether a sidecar that ends with the whole pod has to wait for its turn. */
    private boolean awaitsOthers(ContainerStatus container) {
        @Nullable Member member = situation.member(container.name()).orElse(null);
        if (member == null || !member.sidecar() || !podEnds()) {
            return false;
        }
        List<Member> members = situation.members();
        int own = members.indexOf(member);
        return situation.observed().containers().stream()
                .filter(ContainerStatus::running)
                .filter(other -> !other.id().equals(container.id()))
                .anyMatch(other ->
                        situation
                                .member(other.name())
                                .map(m -> !m.sidecar() || members.indexOf(m) > own)
                                .orElse(other.kind() != ContainerKind.INIT));
    }

    private boolean podEnds() {
        return situation.observed().containers().stream()
                .filter(ContainerStatus::running)
                .allMatch(c -> draft.memory().instance(c.id()).killing() != null);
    }

    private Duration left(Killing killing) {
        if (killing.atOnce()) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(situation.now(), killing.deadline());
        Duration minimum = situation.rules().minimumStop();
        return left.compareTo(minimum) < 0 ? minimum : left;
    }
}
