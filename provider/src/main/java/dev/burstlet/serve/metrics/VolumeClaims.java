package dev.burstlet.serve.metrics;

import dev.burstlet.pod.ClaimNames;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.HostStats.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the volumes of one pod are, by its spec.
 *
 * @param claims the claims' names, by volume name
 * @param onDisk the volumes that use the node's own disk
 */
record VolumeClaims(Map<String, String> claims, Set<String> onDisk) {
    static final VolumeClaims UNKNOWN = new VolumeClaims(Map.of(), Set.of());

    static VolumeClaims of(String podName, PodSpec spec) {
        Map<String, String> claims = new HashMap<>();
        Set<String> onDisk = new HashSet<>();
        for (Volume volume : spec.getVolumes()) {
            String claim = ClaimNames.of(podName, volume);
            if (claim != null) {
                claims.put(volume.getName(), claim);
            }
            if (volume.getEmptyDir() != null
                    && !"Memory".equals(volume.getEmptyDir().getMedium())) {
                onDisk.add(volume.getName());
            }
        }
        return new VolumeClaims(Map.copyOf(claims), Set.copyOf(onDisk));
    }

    /** The use of a pod's claims, by their names. */
    Map<String, Filesystem> used(Pod pod) {
        Map<String, Filesystem> used = new TreeMap<>();
        pod.volumes()
                .forEach((name, filesystem) -> {
                    String claim = claims.get(name);
                    if (claim != null) {
                        used.put(claim, filesystem);
                    }
                });
        return used;
    }
}
