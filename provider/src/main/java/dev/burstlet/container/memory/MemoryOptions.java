package dev.burstlet.container.memory;

import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings of a simulated host.
 *
 * @param latency that every call takes
 * @param slowPull how long a pull from {@code slow.invalid} takes
 * @param logBytes of a container's log that are kept
 * @param runUnknown commands outside the vocabulary run until they are told to end, instead of
 *     failing to start
 * @param images that the host has from the start
 * @param subnet that pods get their addresses from, until a network is made
 * @param containerCpuMillis that a running container is said to use
 * @param containerMemoryBytes that a running container is said to use
 */
record MemoryOptions(
        long cpuMillis,
        long memoryBytes,
        long diskBytes,
        Duration latency,
        Duration slowPull,
        int logBytes,
        boolean runUnknown,
        List<String> images,
        String subnet,
        long containerCpuMillis,
        long containerMemoryBytes) {
    private static final Set<String> KEYS =
            Set.of(
                    "cpus",
                    "memory",
                    "disk",
                    "latency-ms",
                    "slow-pull-ms",
                    "log-bytes",
                    "unknown-commands",
                    "images",
                    "subnet",
                    "container-cpu",
                    "container-memory");

    static final MemoryOptions DEFAULT = of(Map.of());

    MemoryOptions {
        images = List.copyOf(images);
    }

    static MemoryOptions of(Map<String, String> options) {
        for (String key : options.keySet()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("unknown option " + key + " of kind memory");
            }
        }
        return new MemoryOptions(
                quantity(options, "cpus", "64", 1000),
                quantity(options, "memory", "256Gi", 1),
                quantity(options, "disk", "1Ti", 1),
                Duration.ofMillis(quantity(options, "latency-ms", "0", 1)),
                Duration.ofMillis(quantity(options, "slow-pull-ms", "5000", 1)),
                Math.toIntExact(quantity(options, "log-bytes", "1Mi", 1)),
                unknownCommands(options.getOrDefault("unknown-commands", "fail")),
                images(options.getOrDefault("images", "")),
                subnet(options.getOrDefault("subnet", "10.244.0.0/16")),
                quantity(options, "container-cpu", "1m", 1000),
                quantity(options, "container-memory", "4Mi", 1));
    }

    private static long quantity(
            Map<String, String> options, String key, String fallback, long unit) {
        String value = options.getOrDefault(key, fallback);
        try {
            return Quantity.getAmountInBytes(Quantity.parse(value))
                    .multiply(java.math.BigDecimal.valueOf(unit))
                    .longValueExact();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException("option " + key + ": not a quantity: " + value, e);
        }
    }

    private static boolean unknownCommands(String value) {
        return switch (value) {
            case "fail" -> false;
            case "run" -> true;
            default ->
                    throw new IllegalArgumentException(
                            "option unknown-commands: fail or run, not " + value);
        };
    }

    private static List<String> images(String value) {
        return value.isEmpty() ? List.of() : List.of(value.split(",", -1));
    }

    private static String subnet(String value) {
        try {
            AddressPool _ = new AddressPool(value);
            return value;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("option subnet: " + e.getMessage(), e);
        }
    }
}
