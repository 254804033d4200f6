package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.SandboxStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of ended containers: their messages are read; beside each container's newest
 * instance one older is kept, for its log and lastState, the rest are removed.
 */
final class KeepPlan {
    private static final int KEPT = 2;

    private final Draft draft;
    private final Situation situation;

    KeepPlan(Draft draft) {
        this.draft = draft;
        this.situation = draft.situation;
    }

    void readMessages() {
        for (ContainerStatus container : situation.observed().containers()) {
            if (container.state() instanceof State.Exited
                    && draft.memory().instance(container.id()).terminationMessage() == null) {
                Optional<String> told = told(container);
                if (told.isPresent()) {
                    draft.remember(m -> m.instance(container.id(), i -> i.said(told.get())));
                } else {
                    draft.begin(new Action.ReadMessage(container));
                }
            }
        }
    }

    /** The message in the last status, where that is of this very instance. */
    private Optional<String> told(ContainerStatus container) {
        return situation
                .member(container.name())
                .flatMap(situation::previous)
                .flatMap(status ->
                        java.util.stream.Stream.of(status.getState(), status.getLastState())
                                .filter(s -> s != null && s.getTerminated() != null)
                                .map(s -> s.getTerminated())
                                .filter(t -> t.getContainerID() != null)
                                .filter(t -> t.getContainerID().endsWith(container.id()))
                                .map(t -> t.getMessage() == null ? "" : t.getMessage())
                                .findFirst());
    }

    void removeSurplus() {
        Map<String, Integer> seen = new HashMap<>();
        for (ContainerStatus container : situation.observed().containers()) {
            int rank = seen.merge(container.name(), 1, Integer::sum);
            boolean superseded = container.state() instanceof State.Created && rank > 1;
            if ((rank > KEPT || superseded)
                    && !container.running()
                    && !draft.memory().busy("message/" + container.id())) {
                draft.begin(new Action.RemoveContainer(container.id()));
            }
        }
        removeSandboxes();
    }

    /** Older sandboxes go once nothing that is kept was in them. */
    private void removeSandboxes() {
        for (SandboxStatus sandbox : situation.observed().sandboxes().stream().skip(1).toList()) {
            boolean used =
                    situation.observed().containers().stream()
                            .anyMatch(c -> c.sandboxId().equals(sandbox.id()));
            if (sandbox.ready()) {
                draft.begin(new Action.StopSandbox(sandbox.id(), false));
            } else if (!used) {
                draft.begin(new Action.RemoveSandbox(sandbox.id()));
            }
        }
    }
}
