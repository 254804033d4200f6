package dev.burstlet.docker.stream;

import dev.burstlet.docker.wire.Frames;
import dev.burstlet.docker.wire.Wire;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.LogRequest.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a log. The engine writes a time before each entry of its log in the kubelet's format
 * (RFC 3339, nine digits), also before those that go on with a line longer than an entry (16 KiB):
 * there it is taken out, as the kubelet has one time a line.
 */
final class LogCopy {
    private static final int TIME_DIGITS = 30;

    private final LogRequest request;
    private final OutputStream out;
    private long left;
    // By stream: whether the next entry begins a line, and the bytes of a time yet to be dropped.
    private final boolean[] lineBegins = {true, true, true};
    private int toDrop;

    LogCopy(LogRequest request, OutputStream out) {
        this.request = request;
        this.out = new BufferedOutputStream(out, 32 * 1024);
        Long limit = request.limitBytes();
        this.left = limit == null ? Long.MAX_VALUE : limit;
    }

    static String path(String containerId, LogRequest request) {
        StringBuilder path =
                new StringBuilder("/containers/%s/logs?".formatted(containerId))
                        .append("stdout=")
                        .append(request.source() == Source.STDERR ? 0 : 1)
                        .append("&stderr=")
                        .append(request.source() == Source.STDOUT ? 0 : 1);
        if (request.follow()) {
            path.append("&follow=1");
        }
        if (request.timestamps()) {
            path.append("&timestamps=1");
        }
        @Nullable Instant since = request.since();
        if (since != null) {
            path.append("&since=%d.%09d".formatted(since.getEpochSecond(), since.getNano()));
        }
        Long tail = request.tailLines();
        if (tail != null) {
            path.append("&tail=").append(tail);
        }
        return path.toString();
    }

    /** Whether nothing more may be written. */
    boolean complete() {
        return left <= 0;
    }

    void run(String what, InputStream body, boolean tty) throws IOException, InterruptedException {
        Frames frames = new Frames(body, tty);
        while (!complete() && Wire.use(what, null, frames::next)) {
            copy(frames, tty);
            if (!Wire.use(what, null, frames::more)) {
                out.flush();
            }
        }
        out.flush();
    }

    private void copy(Frames piece, boolean tty) throws IOException {
        int from = 0;
        if (!tty && request.timestamps()) {
            if (piece.first()) {
                toDrop = lineBegins[piece.stream()] ? 0 : TIME_DIGITS + 1;
            }
            from = Math.min(toDrop, piece.length());
            toDrop -= from;
        }
        int length = (int) Math.min(left, piece.length() - from);
        if (length > 0) {
            out.write(piece.bytes(), from, length);
            left -= length;
        }
        lineBegins[piece.stream()] = piece.bytes()[piece.length() - 1] == '\n';
    }
}
