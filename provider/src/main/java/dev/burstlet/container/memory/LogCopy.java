package dev.burstlet.container.memory;

import dev.burstlet.pod.LogRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One copying of a log, as its request wants it. */
final class LogCopy {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'")
                    .withZone(ZoneOffset.UTC);

    private final LogRing ring;
    private final LogRequest request;
    private final OutputStream out;
    private long left;

    LogCopy(LogRing ring, LogRequest request, OutputStream out) {
        this.ring = ring;
        this.request = request;
        this.out = out;
        @Nullable Long limit = request.limitBytes();
        this.left = limit == null ? Long.MAX_VALUE : limit;
    }

    void run() throws IOException, InterruptedException {
        LogRing.Part part = ring.from(0);
        write(tail(wanted(part.lines())));
        while (request.follow() && left > 0 && !part.ended()) {
            out.flush();
            part = ring.await(part.next());
            write(wanted(part.lines()));
        }
        out.flush();
    }

    private List<LogRing.Line> wanted(List<LogRing.Line> lines) {
        @Nullable Instant since = request.since();
        List<LogRing.Line> wanted = new ArrayList<>();
        for (LogRing.Line line : lines) {
            boolean source =
                    switch (request.source()) {
                        case ALL -> true;
                        case STDOUT -> !line.stderr();
                        case STDERR -> line.stderr();
                    };
            if (source && (since == null || !line.time().isBefore(since))) {
                wanted.add(line);
            }
        }
        return wanted;
    }

    private List<LogRing.Line> tail(List<LogRing.Line> lines) {
        @Nullable Long tail = request.tailLines();
        return tail == null || tail >= lines.size()
                ? lines
                : lines.subList((int) (lines.size() - Math.max(0, tail)), lines.size());
    }

    private void write(List<LogRing.Line> lines) throws IOException, InterruptedException {
        for (LogRing.Line line : lines) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (request.timestamps()) {
                write((TIME.format(line.time()) + " ").getBytes(StandardCharsets.UTF_8));
            }
            write(line.text());
        }
    }

    private void write(byte[] bytes) throws IOException {
        int count = (int) Math.min(left, bytes.length);
        out.write(bytes, 0, count);
        left -= count;
    }
}
