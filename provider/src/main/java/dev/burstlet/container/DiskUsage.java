package dev.burstlet.container;

import java.util.Map;

/**
 * The disk space of the host that a pod uses, in bytes; what is not known is not in it.
 *
 * @param layers of its running containers' writable layers, by container name
 * @param logs of its containers' logs, by container name
 * @param scratch of its emptyDirs on disk, by volume name
 */
public record DiskUsage(
        Map<String, Long> layers, Map<String, Long> logs, Map<String, Long> scratch) {
    public static final DiskUsage UNKNOWN = new DiskUsage(Map.of(), Map.of(), Map.of());

    public DiskUsage {
        layers = Map.copyOf(layers);
        logs = Map.copyOf(logs);
        scratch = Map.copyOf(scratch);
    }

    /** What a container uses, layer and logs, or null where neither is known. */
    public @org.jspecify.annotations.Nullable Long container(String name) {
        return layers.containsKey(name) || logs.containsKey(name)
                ? Long.valueOf(layers.getOrDefault(name, 0L) + logs.getOrDefault(name, 0L))
                : null;
    }

    /** All of it. */
    public long total() {
        return sum(layers) + sum(logs) + sum(scratch);
    }

    private static long sum(Map<String, Long> sizes) {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }
}
