package dev.burstlet.docker.translate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.container.Resources;

/** Limits as the Docker Engine API has them. */
public final class EngineLimits {
    private EngineLimits() {}

    /** Writes limits for a new container. Swap is never added to memory. */
    public static void write(ObjectNode hostConfig, Resources resources, int lowestOomScoreAdj) {
        put(hostConfig, "CpuShares", resources.cpuShares());
        if (resources.cpuQuotaMicros() > 0) {
            put(hostConfig, "CpuQuota", resources.cpuQuotaMicros());
            put(hostConfig, "CpuPeriod", resources.cpuPeriodMicros());
        }
        put(hostConfig, "Memory", resources.memoryBytes());
        put(hostConfig, "MemorySwap", resources.memoryBytes());
        put(hostConfig, "PidsLimit", resources.pids());
        hostConfig.put("OomScoreAdj", Math.max(resources.oomScoreAdj(), lowestOomScoreAdj));
    }

    /**
     * Writes limits for a running container; what has no limit now loses the one it had, but for
     * memory, of which an engine takes no limit away.
     */
    public static void change(ObjectNode body, Resources resources) {
        body.put("CpuShares", resources.cpuShares() > 0 ? resources.cpuShares() : 2);
        body.put("CpuQuota", orNone(resources.cpuQuotaMicros()));
        put(body, "CpuPeriod", resources.cpuPeriodMicros());
        put(body, "Memory", resources.memoryBytes());
        put(body, "MemorySwap", resources.memoryBytes());
        body.put("PidsLimit", orNone(resources.pids()));
    }

    private static long orNone(long value) {
        return value > 0 ? value : -1;
    }

    private static void put(ObjectNode node, String key, long value) {
        if (value > 0) {
            node.put(key, value);
        }
    }
}
