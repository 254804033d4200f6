package dev.burstlet.container.memory;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last lines that a container wrote. */
final class LogRing {
    private final int limit;
    private @Nullable Deque<Line> lines;
    private @Nullable ByteArrayOutputStream partOut;
    private @Nullable ByteArrayOutputStream partErr;
    private int bytes;
    private long dropped;
    private boolean ended;

    LogRing(int limit) {
        this.limit = limit;
    }

    /** One line with its line end, which only a last one may lack. */
    @SuppressWarnings("ArrayRecordComponent")
    record Line(Instant time, boolean stderr, byte[] text) {}

    /**
     * What was written from one position on.
     *
     * @param next the position to go on from
     */
    record Part(List<Line> lines, long next, boolean ended) {}

    synchronized void append(boolean stderr, byte[] text, int offset, int count, Instant now) {
        for (int i = offset; i < offset + count; i++) {
            ByteArrayOutputStream part = part(stderr);
            part.write(text[i]);
            if (text[i] == '\n') {
                add(new Line(now, stderr, part.toByteArray()));
                part.reset();
            }
        }
    }

    /** Bytes that are kept. */
    synchronized int size() {
        return bytes;
    }

    private ByteArrayOutputStream part(boolean stderr) {
        ByteArrayOutputStream part = stderr ? partErr : partOut;
        if (part == null) {
            part = new ByteArrayOutputStream(64);
            if (stderr) {
                partErr = part;
            } else {
                partOut = part;
            }
        }
        return part;
    }

    private void add(Line line) {
        if (lines == null) {
            lines = new ArrayDeque<>(4);
        }
        lines.add(line);
        bytes += line.text().length;
        while (bytes > limit && lines.size() > 1) {
            bytes -= lines.removeFirst().text().length;
            dropped++;
        }
        notifyAll();
    }

    /** Nothing will come any more. */
    synchronized void end(Instant now) {
        flush(partOut, false, now);
        flush(partErr, true, now);
        partOut = null;
        partErr = null;
        ended = true;
        notifyAll();
    }

    private void flush(@Nullable ByteArrayOutputStream part, boolean stderr, Instant now) {
        if (part != null && part.size() > 0) {
            add(new Line(now, stderr, part.toByteArray()));
        }
    }

    synchronized Part from(long position) {
        List<Line> all = lines == null ? List.of() : new ArrayList<>(lines);
        int skip = (int) Math.min(all.size(), Math.max(0, position - dropped));
        return new Part(all.subList(skip, all.size()), dropped + all.size(), ended);
    }

    /** Waits until there is more than before, or no more to come. */
    synchronized Part await(long position) throws InterruptedException {
        while (!ended && dropped + (lines == null ? 0 : lines.size()) <= position) {
            wait();
        }
        return from(position);
    }
}
