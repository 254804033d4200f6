package dev.burstlet.docker.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of an HTTP answer in chunks; an end before the last chunk is an error. */
final class ChunkedInputStream extends InputStream {
    private final InputStream in;
    private long left;
    private boolean first = true;
    private boolean ended;

    ChunkedInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int n = in.read(bytes, offset, (int) Math.min(left, length));
        if (n < 0) {
            throw new EOFException("the engine closed the connection");
        }
        left -= n;
        return n;
    }

    @Override
    public int available() throws IOException {
        // Between chunks, more than the end of line that ends one tells of another.
        return left == 0
                ? ended ? 0 : Math.max(0, in.available() - 2)
                : (int) Math.min(left, in.available());
    }

    private void nextChunk() throws IOException {
        if (!first) {
            line();
        }
        first = false;
        String size = line();
        int semicolon = size.indexOf(';');
        try {
            left =
                    Long.parseLong(
                            (semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
        } catch (NumberFormatException e) {
            throw new IOException("not a chunk: " + size, e);
        }
        if (left == 0) {
            ended = true;
            while (!line().isEmpty()) {
                // trailers
            }
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > 1024) {
                throw new EOFException("the engine closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
