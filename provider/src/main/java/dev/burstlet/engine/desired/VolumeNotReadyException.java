package dev.burstlet.engine.desired;

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
        super("MountVolume.SetUp failed: " + cause.getMessage(), cause);
        this.volume = "";
    }

    /** Of what a host says about a volume that it does not name. */
    public static VolumeNotReadyException of(BackendException cause) {
        return new VolumeNotReadyException(cause);
    }

    /** The volume's name in the pod; empty where the host did not tell it. */
    public String volume() {
        return volume;
    }
}
