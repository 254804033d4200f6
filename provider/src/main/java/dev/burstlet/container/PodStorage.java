package dev.burstlet.container;

import dev.burstlet.pod.HostStats.Filesystem;
import java.util.Map;

/**
 * What a pod uses of its host's file systems, in RAM or on disk, beside its containers' layers;
 * what is not known is not in it.
 *
 * @param volumes by volume name
 * @param logs by container name
 */
public record PodStorage(Map<String, Filesystem> volumes, Map<String, Filesystem> logs) {
    public static final PodStorage UNKNOWN = new PodStorage(Map.of(), Map.of());

    public PodStorage {
        volumes = Map.copyOf(volumes);
        logs = Map.copyOf(logs);
    }
}
