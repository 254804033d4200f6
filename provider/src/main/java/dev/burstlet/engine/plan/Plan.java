package dev.burstlet.engine.plan;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a plan came to.
 *
 * @param memory as it is once the actions have begun
 * @param actions in order
 * @param wakeAt when to plan again though nothing happened, or null
 */
public record Plan(PodMemory memory, List<Action> actions, @Nullable Instant wakeAt) {
    public Plan {
        actions = List.copyOf(actions);
    }
}
