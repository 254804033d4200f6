package dev.burstlet.deploy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU and memory of one process, as Linux tells. */
final class ProcessUse {
    private static final double TICKS_PER_SECOND = 100;

    private final long pid;

    ProcessUse(long pid) {
        this.pid = pid;
    }

    /** At one instant. */
    record Sample(double cpuSeconds, long rssMebibytes) {}

    Sample sample() {
        if (pid == 0) {
            return new Sample(0, 0);
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            double ticks = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
            return new Sample(ticks / TICKS_PER_SECOND, rss());
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " is gone", e);
        }
    }

    private long rss() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
