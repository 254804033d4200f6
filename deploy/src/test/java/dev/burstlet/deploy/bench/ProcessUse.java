package dev.burstlet.deploy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

/** CPU and memory of one process, as Linux tells. */
final class ProcessUse {
    private static final double TICKS_PER_SECOND = 100;

    /** Fields between the command and utime, stime in proc(5). */
    private static final int BEFORE_TIMES = 11;

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
            StringTokenizer fields = new StringTokenizer(stat.substring(stat.lastIndexOf(')') + 2));
            for (int i = 0; i < BEFORE_TIMES; i++) {
                fields.nextToken();
            }
            double ticks =
                    Double.parseDouble(fields.nextToken()) + Double.parseDouble(fields.nextToken());
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
