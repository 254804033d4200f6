package dev.burstlet.engine.desired;

import dev.burstlet.container.VolumeSpec;
import dev.burstlet.pod.BackendException;

/**
 * A volume cannot be made or filled as things stand: an object is missing or the kind is not
 * supported. Becomes an event FailedMount; to be tried again. The message holds no secret.
 */
public final class VolumeNotReadyException extends RuntimeException {
    /** The reason of the event. */
    public static final String REASON = "FailedMount";

    private static final long serialVersionUID = 1L;

    private final String volume;

    public VolumeNotReadyException(String volume, String cause) {
        super("MountVolume.SetUp failed for volume \"%s\" : %s".formatted(volume, cause));
        this.volume = volume;
    }

    private VolumeNotReadyException(BackendException cause) {
        super("MountVolume.SetUp failed" + what(String.valueOf(cause.getMessage())), cause);
        this.volume = "";
    }

    private static String what(String message) {
        return (VolumeSpec.isNamedIn(message) ? " for " : ": ") + message;
    }

    /** Of what a host says about its volumes. */
    public static VolumeNotReadyException of(BackendException cause) {
        return new VolumeNotReadyException(cause);
    }

    /** The volume's name in the pod; empty where it is a host that fails. */
    public String volume() {
        return volume;
    }
}
