package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.pod.PodEvent;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do for a pod. All but {@link Tell} and {@link Cancel} are work that goes on in the
 * background under its {@link #key}; the next plans see it as in flight until it has ended.
 */
public sealed interface Action {
    /** What it is in flight as: at most one action of a key at a time. */
    String key();

    /** Makes volumes, runs the sandbox and publishes the volumes' contents. */
    record StartSandbox(int attempt) implements Action {
        @Override
        public String key() {
            return "sandbox";
        }
    }

    /**
     * Ends a sandbox and everything in it.
     *
     * @param last whether the pod has ended with it, and what its volumes hold may go
     */
    record StopSandbox(String sandboxId, boolean last) implements Action {
        @Override
        public String key() {
            return "stop-sandbox/" + sandboxId;
        }
    }

    /** Removes a sandbox that a newer one has taken the place of. */
    record RemoveSandbox(String sandboxId) implements Action {
        @Override
        public String key() {
            return "remove-sandbox/" + sandboxId;
        }
    }

    /** Publishes what changed in the volumes' contents. */
    record Publish(String sandboxId) implements Action {
        @Override
        public String key() {
            return "publish";
        }
    }

    /** Gets a container's image before it is the container's turn. */
    record FetchImage(String name, ContainerKind kind) implements Action {
        @Override
        public String key() {
            return "image/" + name;
        }
    }

    /**
     * Gets the image, makes the container and starts it.
     *
     * @param created the half-made container to start, or null
     * @param previousEnd when the instance before it ended; null for the first
     */
    record StartContainer(
            String name,
            ContainerKind kind,
            int attempt,
            String sandboxId,
            @Nullable ContainerStatus created,
            @Nullable Instant previousEnd)
            implements Action {
        @Override
        public String key() {
            return "start/" + name;
        }
    }

    /** Runs the postStart hook of a container. */
    record RunPostStart(String containerId, String name, String sandboxId) implements Action {
        @Override
        public String key() {
            return "post-start/" + containerId;
        }
    }

    /** Runs the preStop hook of a container. */
    record RunPreStop(String containerId, String name, String sandboxId, Duration timeout)
            implements Action {
        @Override
        public String key() {
            return "pre-stop/" + containerId;
        }
    }

    /** Ends a container. */
    record StopContainer(String containerId, String name, Duration grace, Instant deadline)
            implements Action {
        @Override
        public String key() {
            return "stop/" + containerId;
        }
    }

    /** Removes an ended container that a newer one has taken the place of. */
    record RemoveContainer(String containerId) implements Action {
        @Override
        public String key() {
            return "remove/" + containerId;
        }
    }

    /** Changes a running container's limits. */
    record Resize(String containerId, String name, int attempt) implements Action {
        @Override
        public String key() {
            return "resize/" + containerId;
        }
    }

    /** Reads what an ended container has left as its termination message. */
    record ReadMessage(ContainerStatus container) implements Action {
        @Override
        public String key() {
            return "message/" + container.id();
        }
    }

    /** Removes all sandboxes with their containers, then the volumes. */
    record RemovePod() implements Action {
        @Override
        public String key() {
            return "remove-pod";
        }
    }

    /** Removes the same of a pod that has ended and is not deleted: its status stays. */
    record ClearPod() implements Action {
        @Override
        public String key() {
            return "clear-pod";
        }
    }

    /** Gives up what is in flight under the key. */
    record Cancel(String key) implements Action {}

    /** An event. */
    record Tell(PodEvent.Type type, String reason, String message, @Nullable String fieldPath)
            implements Action {
        @Override
        public String key() {
            return "event";
        }
    }
}
