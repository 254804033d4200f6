package dev.burstlet.hyper.host;

import dev.burstlet.container.HostFigures.Amount;
import dev.burstlet.pod.HostDescription.SystemInfo;
import dev.burstlet.pod.HostStats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The host, from /proc, /sys and /etc; what cannot be read is empty or null. */
public final class HostFacts {
    private static final long KIB = 1024;
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final long MILLIS = 1000;

    private HostFacts() {}

    public static SystemInfo system(String runtimeVersion) {
        return new SystemInfo(
                "linux",
                arch(),
                read("/proc/sys/kernel/osrelease"),
                osImage(),
                runtimeVersion,
                read("/etc/machine-id"),
                read("/sys/class/dmi/id/product_uuid"),
                read("/proc/sys/kernel/random/boot_id"));
    }

    /** GOARCH's name. */
    public static String arch() {
        String arch = System.getProperty("os.arch", "");
        return switch (arch) {
            case "x86_64", "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> arch;
        };
    }

    /** In thousandths, of the whole host whatever this process may use. */
    public static long cpuMillis() {
        long cpus = lines("/proc/stat").filter(line -> line.matches("cpu\\d+ .*")).count();
        return (cpus == 0 ? Runtime.getRuntime().availableProcessors() : cpus) * MILLIS;
    }

    public static long memoryBytes() {
        return memory().getOrDefault("MemTotal", 0L);
    }

    /** Of all processes. */
    public static HostStats.Usage usage(Instant now, @Nullable Long nanoCores) {
        Map<String, Long> memory = memory();
        @Nullable Long available = memory.get("MemAvailable");
        long total = memory.getOrDefault("MemTotal", 0L);
        @Nullable Long used =
                memory.containsKey("MemFree") ? total - memory.getOrDefault("MemFree", 0L) : null;
        return new HostStats.Usage(
                now,
                bootTime(),
                cpuNanoSeconds(),
                nanoCores,
                used,
                available == null ? null : total - available,
                memory.get("AnonPages"),
                available,
                vmstat("pgfault"),
                vmstat("pgmajfault"),
                processes());
    }

    /** User, nice, system, irq, softirq and steal time of all CPUs. */
    public static @Nullable Long cpuNanoSeconds() {
        String[] fields =
                lines("/proc/stat")
                        .filter(line -> line.startsWith("cpu "))
                        .findFirst()
                        .orElse("")
                        .trim()
                        .split("\\s+", -1);
        if (fields.length < 8) {
            return null;
        }
        long ticks = 0;
        for (int i : new int[] {1, 2, 3, 6, 7}) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * NANOS_PER_TICK;
    }

    public static HostStats.Network network(Instant now) {
        Map<String, HostStats.Network.Interface> interfaces = new HashMap<>();
        lines("/proc/net/dev")
                .filter(line -> line.contains(":"))
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    String[] f = line.substring(colon + 1).trim().split("\\s+", -1);
                    if (f.length >= 12) {
                        interfaces.put(line.substring(0, colon).trim(), counters(f));
                    }
                });
        return new HostStats.Network(now, interfaces);
    }

    private static HostStats.Network.Interface counters(String[] fields) {
        return new HostStats.Network.Interface(
                Long.parseLong(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[8]),
                Long.parseLong(fields[9]),
                Long.parseLong(fields[10]),
                Long.parseLong(fields[11]));
    }

    /** The file system that a path is on; null where it cannot be told. */
    public static HostStats.@Nullable Filesystem filesystem(
            Instant now, Path path, @Nullable Long usedBytes, @Nullable Long inodesUsed) {
        return FileSystems.of(now, path, usedBytes, inodesUsed);
    }

    /** How many processes there can be; null where it cannot be told. */
    public static @Nullable Long maxProcesses() {
        String most = read("/proc/sys/kernel/pid_max");
        return most.matches("[0-9]{1,10}") ? Long.valueOf(most) : null;
    }

    private static Map<String, Long> memory() {
        Map<String, Long> values = new HashMap<>();
        lines("/proc/meminfo")
                .forEach(line -> {
                    String[] parts = line.split("[:\\s]+", -1);
                    if (parts.length >= 2) {
                        values.put(parts[0], Long.parseLong(parts[1]) * KIB);
                    }
                });
        return values;
    }

    private static @Nullable Long vmstat(String name) {
        return lines("/proc/vmstat")
                .filter(line -> line.startsWith(name + " "))
                .map(line -> Long.valueOf(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Long processes() {
        String[] fields = read("/proc/loadavg").split("[ /]", -1);
        return fields.length > 4 ? Long.valueOf(fields[4]) : null;
    }

    /** Process ids; null where it cannot be told. */
    public static @Nullable Amount pids() {
        @Nullable Long processes = processes();
        @Nullable Long most = maxProcesses();
        return processes == null || most == null ? null : Amount.of(most - processes, most);
    }

    private static @Nullable Instant bootTime() {
        return lines("/proc/stat")
                .filter(line -> line.startsWith("btime "))
                .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6).trim())))
                .findFirst()
                .orElse(null);
    }

    private static String osImage() {
        return lines("/etc/os-release")
                .filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                .findFirst()
                .orElse("");
    }

    private static java.util.stream.Stream<String> lines(String path) {
        return read(path).lines();
    }

    /**
     * In one large piece: a number below /proc/sys has no second one, and Files.readString asks a
     * file that says it is empty for a single byte first.
     */
    private static String read(String path) {
        try (InputStream file = Files.newInputStream(Path.of(path))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
