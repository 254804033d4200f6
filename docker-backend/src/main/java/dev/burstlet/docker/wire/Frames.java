package dev.burstlet.docker.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a container writes, in the engine's framing: 8 bytes (stream, three zeros, length big
 * endian), then the bytes. With a tty there are no frames, all is standard output. Frames are
 * handed on in pieces as they come, so a large one is never held.
 */
public final class Frames {
    public static final int STDOUT = 1;
    public static final int STDERR = 2;

    private final InputStream in;
    private final boolean raw;
    private final byte[] header = new byte[8];
    private final byte[] buffer = new byte[32 * 1024];
    private int stream = STDOUT;
    private long left;
    private long frameLength;
    private int length;
    private boolean first;

    public Frames(InputStream in, boolean raw) {
        this.in = in;
        this.raw = raw;
    }

    /** Goes on to the next bytes; false at the end. */
    public boolean next() throws IOException {
        first = false;
        if (raw) {
            length = in.read(buffer);
            return length >= 0;
        }
        while (left == 0) {
            if (!readHeader()) {
                return false;
            }
            first = true;
        }
        length = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (length < 0) {
            throw new EOFException("the engine closed the connection inside a frame");
        }
        left -= length;
        return true;
    }

    /** Which stream the bytes are of. */
    public int stream() {
        return stream;
    }

    /** The buffer whose first {@link #length} bytes they are, until {@link #next}. */
    public byte[] bytes() {
        return buffer;
    }

    public int length() {
        return length;
    }

    /** Whether a frame begins with them. */
    public boolean first() {
        return first;
    }

    /** How long the whole frame is. */
    public long frameLength() {
        return frameLength;
    }

    /** Whether more has come already. */
    public boolean more() throws IOException {
        return in.available() > 0;
    }

    private boolean readHeader() throws IOException {
        int n = in.readNBytes(header, 0, header.length);
        if (n == 0) {
            return false;
        }
        if (n < header.length) {
            throw new EOFException("the engine closed the connection inside a frame");
        }
        // Stream 0 (standard input) is used for output by nobody but counts as such; 3 is an error
        // text of the engine's.
        stream = header[0] == STDERR || header[0] == 3 ? STDERR : STDOUT;
        left =
                (header[4] & 0xffL) << 24
                        | (header[5] & 0xffL) << 16
                        | (header[6] & 0xffL) << 8
                        | (header[7] & 0xffL);
        frameLength = left;
        return true;
    }
}
