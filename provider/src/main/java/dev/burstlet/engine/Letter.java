package dev.burstlet.engine;

import dev.burstlet.engine.observe.Scope;
import dev.burstlet.engine.plan.Ending;
import dev.burstlet.engine.plan.Observed;
import dev.burstlet.engine.plan.PodMemory;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodLifecycle;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What makes a pod's worker look again. */
sealed interface Letter {
    /** A newer wish. */
    record Bundled(PodBundle bundle) implements Letter {
        @Override
        public String toString() {
            return "bundle " + bundle.revision();
        }
    }

    /** The pod is to be ended and removed. */
    record Deleted(PodLifecycle.Deletion deletion) implements Letter {}

    /**
     * It is to end, and fail, for the node's sake or its own.
     *
     * @param reason of its status and of the event
     * @param disruption the message of condition DisruptionTarget, or null where it is the pod's
     *     own doing
     * @param grace null for the pod's own
     */
    record Failed(
            String reason, String message, @Nullable String disruption, @Nullable Duration grace)
            implements Letter {
        private static final Duration EVICTION_GRACE = Duration.ofSeconds(1);

        /** As the kubelet, with a second for an orderly end. */
        static Failed evicted(String message) {
            return new Failed(Ending.EVICTED, message, message, EVICTION_GRACE);
        }

        /** For what the pod itself used beyond its limits, which is no disruption by the node. */
        static Failed exceeded(String message) {
            return new Failed("Evicted", message, null, EVICTION_GRACE);
        }
    }

    /** The engine told of a change. */
    record EngineChanged() implements Letter {}

    /** A list of the whole engine showed the pod so. */
    record Listed(Observed observed) implements Letter {}

    /**
     * Background work has ended.
     *
     * @param change null where nothing is to be remembered of it
     * @param changes what it has changed on the engine, or null for nothing
     */
    record Done(String key, @Nullable UnaryOperator<PodMemory> change, @Nullable Scope changes)
            implements Letter {}

    /** Time to plan again. */
    record Rung() implements Letter {}

    /** What an ended pod left on the engine takes up what others need. */
    record Unwanted() implements Letter {}

    /** The listener is a new one. */
    record Repeat() implements Letter {}

    /** What letters make a worker do, in the kubelet's words: create, update, sync or kill. */
    static String operation(List<Letter> letters, boolean first) {
        boolean bundled = false;
        for (Letter letter : letters) {
            switch (letter) {
                case Deleted _, Failed _ -> {
                    return "kill";
                }
                case Bundled _ -> bundled = true;
                case EngineChanged _, Listed _, Done _, Rung _, Unwanted _, Repeat _ -> {}
            }
        }
        return !bundled ? "sync" : first ? "create" : "update";
    }
}
