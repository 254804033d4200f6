package dev.burstlet.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process as it names itself on the lease of a node that it keeps.
 *
 * @param host the host's name
 * @param space the boot and the PID namespace that the process number belongs to
 * @param pid the process number
 * @param started when the process was started, in milliseconds since the epoch
 * @param slot where at most one process can be at a time, or empty
 */
record Holder(String host, String space, long pid, long started, String slot) {
    private static final String SEPARATOR = ";";

    /** This process. */
    static Holder self(String slot) {
        ProcessHandle process = ProcessHandle.current();
        long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new Holder(
                word(Objects.requireNonNullElse(System.getenv("HOSTNAME"), hostname())),
                word(read("/proc/sys/kernel/random/boot_id") + pidNamespace()),
                process.pid(),
                started,
                word(slot));
    }

    static Optional<Holder> parse(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        String[] parts = text.split(SEPARATOR, -1);
        if (parts.length != 5) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Holder(
                            parts[0],
                            parts[1],
                            Long.parseLong(parts[2]),
                            Long.parseLong(parts[3]),
                            parts[4]));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    String format() {
        return String.join(
                SEPARATOR, host, space, Long.toString(pid), Long.toString(started), slot);
    }

    /** Whether this other process is known to have ended, as seen from the given one. */
    boolean isGone(Holder self) {
        if (!slot.isEmpty() && slot.equals(self.slot)) {
            return true;
        }
        return !space.isEmpty() && space.equals(self.space) && host.equals(self.host) && !runs();
    }

    private boolean runs() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().startInstant())
                .filter(start -> start.toEpochMilli() == started)
                .isPresent();
    }

    @Override
    public String toString() {
        return "process " + pid + " on " + host;
    }

    private static String word(String text) {
        return text.replace(SEPARATOR, "_").strip();
    }

    private static String hostname() {
        String name = read("/proc/sys/kernel/hostname");
        return name.isEmpty() ? "unknown" : name;
    }

    private static String pidNamespace() {
        try {
            return "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
