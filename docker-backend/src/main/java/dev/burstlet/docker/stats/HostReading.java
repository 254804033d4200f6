package dev.burstlet.docker.stats;

import dev.burstlet.container.HostFigures;
import dev.burstlet.container.HostFigures.Amount;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.HostStats.Usage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the tool's {@code host} command printed: files of /proc that show the host in every
 * container, and the figures of the file system that holds containers and images. Working set is
 * memory in use minus inactive file pages, as the kubelet has it of the root cgroup.
 */
final class HostReading {
    private static final String HEADING = "== ";
    private static final long NANOS_PER_TICK = 10_000_000;

    private final Instant time;
    private final Map<String, String> lines = new HashMap<>();

    HostReading(Instant time, List<String> output) {
        this.time = time;
        String file = "";
        for (String line : output) {
            if (line.startsWith(HEADING)) {
                file = line.substring(HEADING.length());
            } else if (file.equals("/proc/loadavg") || file.equals("/proc/sys/kernel/pid_max")) {
                lines.putIfAbsent(file, line.strip());
            }
            int end = 0;
            while (end < line.length() && line.charAt(end) != ' ' && line.charAt(end) != ':') {
                end++;
            }
            lines.putIfAbsent(
                    line.substring(0, end),
                    line.substring(Math.min(end + 1, line.length())).strip());
        }
    }

    Instant time() {
        return time;
    }

    /** Busy time of all CPUs since the host's start: all but idle and waiting for I/O. */
    @Nullable Long cpuNanoSeconds() {
        String cpu = lines.get("cpu");
        if (cpu == null) {
            return null;
        }
        String[] ticks = cpu.split(" +", -1);
        long busy = 0;
        // user nice system idle iowait irq softirq steal; guest is part of user
        for (int i : new int[] {0, 1, 2, 5, 6, 7}) {
            busy += i < ticks.length ? Long.parseLong(ticks[i]) : 0;
        }
        return busy * NANOS_PER_TICK;
    }

    Usage usage(@Nullable Long nanoCores) {
        Long total = bytes("MemTotal");
        Long free = bytes("MemFree");
        Long inactive = bytes("Inactive(file)");
        Long used = total == null || free == null ? null : Long.valueOf(total - free);
        Long workingSet =
                used == null || inactive == null
                        ? null
                        : Long.valueOf(Math.max(0, used - inactive));
        return new Usage(
                time,
                startTime(),
                cpuNanoSeconds(),
                nanoCores,
                used,
                workingSet,
                bytes("AnonPages"),
                total == null || workingSet == null ? null : Long.valueOf(total - workingSet),
                number("pgfault"),
                number("pgmajfault"),
                processes());
    }

    @Nullable Filesystem filesystem() {
        String line = lines.get("statfs");
        if (line == null) {
            return null;
        }
        String[] figures = line.split(" ", -1);
        long capacity = Long.parseLong(figures[0]);
        long available = Long.parseLong(figures[1]);
        long inodes = Long.parseLong(figures[2]);
        long inodesFree = Long.parseLong(figures[3]);
        return new Filesystem(
                time,
                available,
                capacity,
                capacity - available,
                inodesFree,
                inodes,
                inodes - inodesFree);
    }

    HostFigures figures() {
        Filesystem disk = filesystem();
        Amount bytes = disk == null ? null : Amount.of(disk.availableBytes(), disk.capacityBytes());
        Amount inodes = disk == null ? null : Amount.of(disk.inodesFree(), disk.inodes());
        return new HostFigures(
                Amount.of(usage(null).availableBytes(), bytes("MemTotal")),
                bytes,
                inodes,
                bytes,
                inodes,
                pids());
    }

    private @Nullable Amount pids() {
        Long running = processes();
        Long most = maxProcesses();
        return running == null || most == null ? null : Amount.of(most - running, most);
    }

    /** How many processes the host can have; null where an older tool does not tell. */
    @Nullable Long maxProcesses() {
        return number("/proc/sys/kernel/pid_max");
    }

    /** The second figure of what is scheduled: "0.10 0.20 0.30 1/234 5678". */
    private @Nullable Long processes() {
        String[] fields = lines.getOrDefault("/proc/loadavg", "").split("[ /]", -1);
        return fields.length > 4 ? Long.valueOf(fields[4]) : null;
    }

    private @Nullable Instant startTime() {
        Long boot = number("btime");
        return boot == null ? null : Instant.ofEpochSecond(boot);
    }

    private @Nullable Long bytes(String name) {
        String value = lines.get(name);
        return value == null ? null : Long.valueOf(Long.parseLong(value.replace(" kB", "")) * 1024);
    }

    private @Nullable Long number(String name) {
        String value = lines.get(name);
        return value == null ? null : Long.valueOf(value);
    }
}
