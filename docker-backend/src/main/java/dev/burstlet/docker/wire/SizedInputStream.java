package dev.burstlet.docker.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of an HTTP answer whose size is known; an end before it is an error. */
final class SizedInputStream extends InputStream {
    private final InputStream in;
    private long left;

    SizedInputStream(InputStream in, long size) {
        this.in = in;
        this.left = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int n = in.read(bytes, offset, (int) Math.min(left, length));
        if (n < 0) {
            throw new EOFException("the engine closed the connection");
        }
        left -= n;
        return n;
    }
}
