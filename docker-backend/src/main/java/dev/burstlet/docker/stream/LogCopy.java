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
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a log. The engine writes a time before each entry of its log in the kubelet's format
 * (RFC 3339, nine digits), also before those that go on with a line longer than an entry (16 KiB):
 * there it is taken out, as the kubelet has one time a line.
 *
 * <p>A log that is followed is always asked for with times: an engine that begins a new file tells
 * a follower the last line of the old one twice (seen with 20.10), and by its time it is known.
 */
final class LogCopy {
    private static final int TIME_BYTES = 31;

    private final LogRequest request;
    private final OutputStream out;
    private long left;
    // By stream: whether the next entry begins a line, and the last entry that was a whole line.
    private final boolean[] lineBegins = {true, true, true};
    private final byte[][] lastTimes = new byte[3][TIME_BYTES];
    private final long[] lastLengths = new long[3];
    // Of the entry that is being read.
    private final byte[] time = new byte[TIME_BYTES];
    private int timeRead = TIME_BYTES;
    private boolean repeated;
    private boolean begunLine;

    LogCopy(LogRequest request, OutputStream out) {
        this.request = request;
        this.out = new BufferedOutputStream(out, 32 * 1024);
        Long limit = request.limitBytes();
        this.left = limit == null ? Long.MAX_VALUE : limit;
    }

    static String path(String containerId, LogRequest request, boolean tty) {
        StringBuilder path =
                new StringBuilder("/containers/%s/logs?".formatted(containerId))
                        .append("stdout=")
                        .append(request.source() == Source.STDERR ? 0 : 1)
                        .append("&stderr=")
                        .append(request.source() == Source.STDOUT ? 0 : 1);
        if (request.follow()) {
            path.append("&follow=1");
        }
        if (request.timestamps() || (request.follow() && !tty)) {
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
        int stream = piece.stream();
        int from = 0;
        if (timed(tty)) {
            if (piece.first()) {
                timeRead = 0;
                repeated = false;
                begunLine = lineBegins[stream];
            }
            from = readTime(piece);
        }
        if (repeated || from == piece.length()) {
            return;
        }
        write(piece.bytes(), from, piece.length() - from);
        lineBegins[stream] = piece.bytes()[piece.length() - 1] == '\n';
    }

    /** On a terminal there are no entries to be told apart. */
    private boolean timed(boolean tty) {
        return !tty && (request.timestamps() || request.follow());
    }

    /** How many of the piece's bytes are of its entry's time. */
    private int readTime(Frames piece) throws IOException {
        int count = Math.min(TIME_BYTES - timeRead, piece.length());
        System.arraycopy(piece.bytes(), 0, time, timeRead, count);
        timeRead += count;
        if (count > 0 && timeRead == TIME_BYTES) {
            timeIsKnown(piece.stream(), piece.frameLength());
        }
        return count;
    }

    private void timeIsKnown(int stream, long length) throws IOException {
        if (!begunLine) {
            // Parts of a line all have its time.
            lastLengths[stream] = 0;
            return;
        }
        repeated =
                request.follow()
                        && length == lastLengths[stream]
                        && Arrays.equals(time, lastTimes[stream]);
        System.arraycopy(time, 0, lastTimes[stream], 0, TIME_BYTES);
        lastLengths[stream] = length;
        if (request.timestamps() && !repeated) {
            write(time, 0, TIME_BYTES);
        }
    }

    private void write(byte[] bytes, int from, int count) throws IOException {
        int length = (int) Math.min(left, count);
        if (length > 0) {
            out.write(bytes, from, length);
            left -= length;
        }
    }
}
