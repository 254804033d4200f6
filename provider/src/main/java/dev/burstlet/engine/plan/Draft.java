package dev.burstlet.engine.plan;

import dev.burstlet.pod.PodEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A plan while it is being made. */
final class Draft {
    final Situation situation;
    private PodMemory memory;
    private final List<Action> actions = new ArrayList<>();
    private @Nullable Instant wakeAt;

    Draft(Situation situation, PodMemory memory) {
        this.situation = situation;
        this.memory = memory;
    }

    PodMemory memory() {
        return memory;
    }

    void remember(UnaryOperator<PodMemory> change) {
        memory = change.apply(memory);
    }

    void begin(Action action) {
        begin(action, null);
    }

    /** Begins background work unless it goes on already. */
    void begin(Action action, @Nullable Instant deadline) {
        if (!memory.busy(action.key())) {
            actions.add(action);
            memory = memory.begun(action, deadline);
        }
    }

    void cancel(String key) {
        PodMemory.InFlight flight = memory.inFlight().get(key);
        if (flight != null && !flight.cancelled()) {
            actions.add(new Action.Cancel(key));
            memory = memory.cancelled(key);
        }
    }

    void tell(PodEvent.Type type, String reason, String message, @Nullable String fieldPath) {
        actions.add(new Action.Tell(type, reason, message, fieldPath));
    }

    void wakeAt(Instant time) {
        if (wakeAt == null || time.isBefore(wakeAt)) {
            wakeAt = time;
        }
    }

    Plan done() {
        return new Plan(memory, actions, wakeAt);
    }
}
