package dev.burstlet.engine.desired;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the node's configuration says about every pod on it.
 *
 * @param apiServer overrides the API server's address in the service environment, or null
 * @param podPidsLimit processes per pod, 0 for no limit
 * @param seccompDefault pods without a seccomp profile get RuntimeDefault, else Unconfined
 * @param seccompProfiles the JSON texts of Localhost profiles by localhostProfile
 * @param extendedResources the extended resources that this host gives to containers
 * @param volumeDrivers the volume driver of the engine by storage class, for persistent volumes
 * @param cgroupParent under which the engine puts pods, or empty
 */
public record TranslationSettings(
        @Nullable ApiServer apiServer,
        long podPidsLimit,
        boolean seccompDefault,
        Map<String, String> seccompProfiles,
        Set<String> extendedResources,
        Map<String, String> volumeDrivers,
        String cgroupParent) {
    public static final TranslationSettings DEFAULT =
            new TranslationSettings(null, 0, false, Map.of(), Set.of(), Map.of(), "");

    public TranslationSettings {
        if (podPidsLimit < 0) {
            throw new IllegalArgumentException("podPidsLimit is negative");
        }
        seccompProfiles = Map.copyOf(seccompProfiles);
        extendedResources = Set.copyOf(extendedResources);
        volumeDrivers = Map.copyOf(volumeDrivers);
    }

    /** These settings with the API server's address as pods are to see it. */
    public TranslationSettings withApiServer(String host, int port) {
        return new TranslationSettings(
                new ApiServer(host, port),
                podPidsLimit,
                seccompDefault,
                seccompProfiles,
                extendedResources,
                volumeDrivers,
                cgroupParent);
    }

    /** These settings with resources that the node has beside the usual ones. */
    public TranslationSettings withExtendedResources(Set<String> names) {
        return new TranslationSettings(
                apiServer,
                podPidsLimit,
                seccompDefault,
                seccompProfiles,
                names,
                volumeDrivers,
                cgroupParent);
    }

    /** These settings with at most so many processes in each pod, 0 for no limit. */
    public TranslationSettings withPodPidsLimit(long limit) {
        return new TranslationSettings(
                apiServer,
                limit,
                seccompDefault,
                seccompProfiles,
                extendedResources,
                volumeDrivers,
                cgroupParent);
    }

    /** These settings with the profiles that pods may name. */
    public TranslationSettings withSeccompProfiles(Map<String, String> profiles) {
        return new TranslationSettings(
                apiServer,
                podPidsLimit,
                seccompDefault,
                profiles,
                extendedResources,
                volumeDrivers,
                cgroupParent);
    }

    /** An address that pods can reach. */
    public record ApiServer(String host, int port) {}
}
