package dev.burstlet.hyper.log;

import dev.burstlet.pod.LogRequest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of the entries it is shown: parts joined, times put before lines. Lines go
 * on when there are many of them, the last ones with {@link #flush}.
 */
final class LogWriter {
    private static final byte[] LINE_END = {'\n'};
    private static final int BUFFER_BYTES = 32 * 1024;

    private final LogRequest request;
    private final OutputStream out;
    private long left;
    private boolean inLineOut;
    private boolean inLineErr;

    LogWriter(LogRequest request, OutputStream out) {
        this.request = request;
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
        @Nullable Long limit = request.limitBytes();
        this.left = limit == null ? Long.MAX_VALUE : limit;
    }

    boolean full() {
        return left <= 0;
    }

    boolean wants(LogLine line) {
        @Nullable Instant since = request.since();
        return line.wanted(request.source()) && (since == null || line.isSince(since));
    }

    void write(LogLine line) throws IOException {
        if (!wants(line)) {
            return;
        }
        boolean inLine = line.stderr() ? inLineErr : inLineOut;
        if (request.timestamps() && !inLine) {
            put((line.time() + " ").getBytes(StandardCharsets.US_ASCII));
        }
        put(line.content());
        if (!line.partial()) {
            put(LINE_END);
        }
        if (line.stderr()) {
            inLineErr = line.partial();
        } else {
            inLineOut = line.partial();
        }
    }

    void flush() throws IOException {
        out.flush();
    }

    private void put(byte[] bytes) throws IOException {
        int count = (int) Math.min(left, bytes.length);
        if (count > 0) {
            out.write(bytes, 0, count);
            left -= count;
        }
    }
}
