package dev.burstlet.container;

import java.util.Map;

/**
 * The disk space of the host that a pod uses, in bytes; what is not known is not in it.
 *
 * @param layers of its running containers' writable layers, by container name
 * @param scratch of its emptyDirs on disk, by volume name
 */
public record DiskUsage(Map<String, Long> layers, Map<String, Long> scratch) {
    public static final DiskUsage UNKNOWN = new DiskUsage(Map.of(), Map.of());

    public DiskUsage {
        layers = Map.copyOf(layers);
        scratch = Map.copyOf(scratch);
    }

    /** All of it. */
    public long total() {
        return sum(layers) + sum(scratch);
    }

    private static long sum(Map<String, Long> sizes) {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }
}
