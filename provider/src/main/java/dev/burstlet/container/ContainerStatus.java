package dev.burstlet.container;

import dev.burstlet.pod.PodKey;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container as it is.
 *
 * @param image the reference that it was made from
 * @param imageRef for a pod's imageID: a digest reference where there is one, else the image's id
 * @param user whom its first process runs as, where the engine tells
 */
public record ContainerStatus(
        String id,
        PodKey pod,
        String sandboxId,
        String name,
        ContainerKind kind,
        int attempt,
        String image,
        String imageRef,
        Instant createdAt,
        State state,
        Resources resources,
        @Nullable User user,
        Map<String, String> labels) {
    public ContainerStatus {
        labels = Map.copyOf(labels);
    }

    public boolean running() {
        return state instanceof State.Running;
    }

    /** Where a container is in its one life: an ended container never starts again. */
    public sealed interface State {
        /** Made, never started. */
        record Created() implements State {}

        /** Runs. */
        record Running(Instant startedAt) implements State {}

        /**
         * Ended.
         *
         * @param reason Completed, Error, OOMKilled, StartError (with exit code 128)
         * @param signal the number of the signal that ended it, or 0
         */
        record Exited(
                int exitCode,
                int signal,
                String reason,
                String message,
                Instant startedAt,
                Instant finishedAt)
                implements State {}
    }

    /** Numbers of the first process's user. */
    public record User(long uid, long gid, java.util.List<Long> supplementalGroups) {
        public User {
            supplementalGroups = java.util.List.copyOf(supplementalGroups);
        }
    }
}
