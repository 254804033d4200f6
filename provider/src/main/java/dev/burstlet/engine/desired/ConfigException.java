package dev.burstlet.engine.desired;

/**
 * A sandbox or container cannot be asked for as the pod stands: something that it refers to is
 * missing, or a field cannot be honoured. To be tried again: the object may appear. The message is
 * the kubelet's and holds no secret.
 */
public final class ConfigException extends RuntimeException {
    /** Why a container waits whose configuration cannot be made. */
    public static final String CONTAINER = "CreateContainerConfigError";

    /** The event of a pod whose sandbox cannot be made. */
    public static final String SANDBOX = "FailedCreatePodSandBox";

    private static final long serialVersionUID = 1L;

    private final String reason;

    public ConfigException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** {@link #CONTAINER} for the container's waiting state, {@link #SANDBOX} for an event. */
    public String reason() {
        return reason;
    }

    static ConfigException container(String message) {
        return new ConfigException(CONTAINER, message);
    }

    static ConfigException sandbox(String message) {
        return new ConfigException(SANDBOX, message);
    }
}
