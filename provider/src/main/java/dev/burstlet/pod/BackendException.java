package dev.burstlet.pod;

import org.jspecify.annotations.Nullable;

/**
 * A host or its engine did not do what was asked. The reason decides the Kubernetes reason string
 * and whether trying again can help; the message is fit for an event and holds no secret.
 */
public final class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public BackendException(Reason reason, String message) {
        this(reason, message, null);
    }

    public BackendException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Why a call failed. */
    public enum Reason {
        /** No such pod, container, image or volume. */
        NOT_FOUND(false),
        /** The name is taken or the state forbids it; look again, then retry. */
        CONFLICT(true),
        /** The engine refused the arguments; the same call will fail again. */
        INVALID(false),
        /** Neither this engine nor this handler can do it; the message names the field. */
        UNSUPPORTED(false),
        /** Refused by this node's policy; the message names the field. */
        FORBIDDEN(false),
        /** The host or engine could not be reached. */
        UNAVAILABLE(true),
        /** No answer within the deadline; whether it was done is unknown. */
        TIMEOUT(true),
        /** The container cannot be started (no such executable, no permission). */
        CANNOT_RUN(true),
        /** The image reference cannot be parsed. */
        INVALID_IMAGE_NAME(true),
        /** The image could not be pulled. */
        IMAGE_PULL(true),
        /** The registry did not answer. */
        REGISTRY_UNAVAILABLE(true),
        /** The image is for another platform than the host. */
        IMAGE_PLATFORM(true),
        /**
         * A subPath cannot be mounted. The message is what the volume is mounted as, in {@code
         * volumeMounts}; what stands in the way is of the host's file system, and not for the pod.
         */
        SUB_PATH(true),
        /** Anything else that the engine reported. */
        ENGINE(true);

        private final boolean retriable;

        Reason(boolean retriable) {
            this.retriable = retriable;
        }

        /** Whether the same call may succeed later without the caller changing it. */
        public boolean retriable() {
            return retriable;
        }
    }
}
