package dev.burstlet.docker.stats;

import com.fasterxml.jackson.databind.JsonNode;
import dev.burstlet.pod.HostStats.Details;
import dev.burstlet.pod.HostStats.Network;
import dev.burstlet.pod.HostStats.Usage;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer of {@code GET /containers/{id}/stats}, read as the kubelet's cAdvisor reads cgroups,
 * of version 1 (total_*) or 2.
 */
final class StatsReading {
    private final JsonNode root;
    private final JsonNode memory;

    StatsReading(JsonNode root) {
        this.root = root;
        this.memory = root.path("memory_stats");
    }

    /** When the engine read it. */
    Instant time() {
        return Instant.parse(root.path("read").asText());
    }

    /** A container that does not run has none. */
    boolean present() {
        return memory.has("usage") && time().getEpochSecond() > 0;
    }

    @Nullable Long cpuNanoSeconds() {
        return number(root.path("cpu_stats").path("cpu_usage").path("total_usage"));
    }

    Usage usage(@Nullable Long nanoCores, long hostMemory) {
        Long used = number(memory.path("usage"));
        Long workingSet = used == null ? null : Math.max(0, used - inactiveFile());
        return new Usage(
                time(),
                null,
                cpuNanoSeconds(),
                nanoCores,
                used,
                workingSet,
                firstOf("total_rss", "anon"),
                available(workingSet, hostMemory),
                firstOf("total_pgfault", "pgfault"),
                firstOf("total_pgmajfault", "pgmajfault"),
                number(root.path("pids_stats").path("current")));
    }

    /** Sizes of memory as cAdvisor has them, version 1's names first. */
    Details details() {
        JsonNode cpu = root.path("cpu_stats");
        JsonNode throttling = cpu.path("throttling_data");
        JsonNode blocks = root.path("blkio_stats");
        return new Details(
                number(cpu.path("cpu_usage").path("usage_in_usermode")),
                number(cpu.path("cpu_usage").path("usage_in_kernelmode")),
                number(throttling.path("periods")),
                number(throttling.path("throttled_periods")),
                number(throttling.path("throttled_time")),
                firstOf("total_cache", "file"),
                firstOf("total_mapped_file", "file_mapped"),
                firstOf("total_swap", "swap"),
                total(blocks.path("io_service_bytes_recursive"), "read"),
                total(blocks.path("io_service_bytes_recursive"), "write"),
                total(blocks.path("io_serviced_recursive"), "read"),
                total(blocks.path("io_serviced_recursive"), "write"));
    }

    /** Of all devices; null where the engine tells nothing of them. */
    private static @Nullable Long total(JsonNode entries, String operation) {
        if (!entries.isArray()) {
            return null;
        }
        long sum = 0;
        for (JsonNode entry : entries) {
            sum +=
                    entry.path("op").asText().equalsIgnoreCase(operation)
                            ? entry.path("value").asLong()
                            : 0;
        }
        return sum;
    }

    @Nullable Network network() {
        JsonNode networks = root.path("networks");
        if (networks.isEmpty()) {
            return null;
        }
        Map<String, Network.Interface> interfaces = new HashMap<>();
        networks.properties()
                .forEach(entry -> interfaces.put(entry.getKey(), counters(entry.getValue())));
        return new Network(time(), interfaces);
    }

    private static Network.Interface counters(JsonNode node) {
        return new Network.Interface(
                node.path("rx_bytes").asLong(),
                node.path("rx_packets").asLong(),
                node.path("rx_errors").asLong(),
                node.path("rx_dropped").asLong(),
                node.path("tx_bytes").asLong(),
                node.path("tx_packets").asLong(),
                node.path("tx_errors").asLong(),
                node.path("tx_dropped").asLong());
    }

    private long inactiveFile() {
        Long bytes = firstOf("total_inactive_file", "inactive_file");
        return bytes == null ? 0 : bytes;
    }

    /** The engine tells the host's memory where there is no limit. */
    private @Nullable Long available(@Nullable Long workingSet, long hostMemory) {
        Long limit = number(memory.path("limit"));
        return limit == null || workingSet == null || limit <= 0 || limit >= hostMemory
                ? null
                : Long.valueOf(Math.max(0, limit - workingSet));
    }

    private @Nullable Long firstOf(String... names) {
        for (String name : names) {
            Long value = number(memory.path("stats").path(name));
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static @Nullable Long number(JsonNode node) {
        return node.isNumber() ? Long.valueOf(node.asLong()) : null;
    }
}
