package dev.burstlet.serve.metrics;

import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The kubelet's families of persistent volume claims, a part of {@code /metrics}. */
public final class VolumeMetrics {
    private VolumeMetrics() {}

    /** Every claim once, whatever number of pods uses it; empty without one. */
    public static String of(HostStats stats, Function<PodKey, Optional<PodSpec>> specs) {
        Map<Claim, Filesystem> claims = new TreeMap<>();
        for (HostStats.Pod pod : stats.pods()) {
            specs.apply(pod.key())
                    .map(spec -> VolumeClaims.of(pod.key().name(), spec).used(pod))
                    .ifPresent(used ->
                            used.forEach((name, filesystem) ->
                                    claims.put(
                                            new Claim(pod.key().namespace(), name), filesystem)));
        }
        if (claims.isEmpty()) {
            return "";
        }
        Exposition out = new Exposition();
        family(out, claims, "available_bytes", "Available bytes", Filesystem::availableBytes);
        family(out, claims, "capacity_bytes", "Capacity in bytes", Filesystem::capacityBytes);
        family(out, claims, "inodes", "Inodes", Filesystem::inodes);
        family(out, claims, "inodes_free", "Free inodes", Filesystem::inodesFree);
        family(out, claims, "inodes_used", "Used inodes", Filesystem::inodesUsed);
        family(out, claims, "used_bytes", "Used bytes", Filesystem::usedBytes);
        return out.toString();
    }

    private record Claim(String namespace, String name) implements Comparable<Claim> {
        @Override
        public int compareTo(Claim other) {
            int order = namespace.compareTo(other.namespace);
            return order != 0 ? order : name.compareTo(other.name);
        }
    }

    private static void family(
            Exposition out,
            Map<Claim, Filesystem> claims,
            String name,
            String help,
            Function<Filesystem, @Nullable Long> value) {
        out.family("kubelet_volume_stats_" + name, "gauge", help + " of the claim's volume.");
        claims.forEach((claim, filesystem) ->
                out.sample(
                        value.apply(filesystem),
                        null,
                        "namespace",
                        claim.namespace(),
                        "persistentvolumeclaim",
                        claim.name()));
    }
}
