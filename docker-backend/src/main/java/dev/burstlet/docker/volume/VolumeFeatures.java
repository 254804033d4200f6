package dev.burstlet.docker.volume;

/**
 * What an engine's API can do with mounts.
 *
 * @param subpath mounts part of a volume without ever following a link out of it (1.45)
 * @param recursiveReadOnly tells recursive read-only from the plain one (1.44)
 */
public record VolumeFeatures(boolean subpath, boolean recursiveReadOnly) {
    public static VolumeFeatures of(int major, int minor) {
        int version = major * 1000 + minor;
        return new VolumeFeatures(version >= 1045, version >= 1044);
    }
}
