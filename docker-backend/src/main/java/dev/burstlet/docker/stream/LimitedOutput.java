package dev.burstlet.docker.stream;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the first bytes and drops the rest. */
final class LimitedOutput extends OutputStream {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final int limit;

    LimitedOutput(int limit) {
        this.limit = limit;
    }

    String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void write(int b) {
        if (kept.size() < limit) {
            kept.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        kept.write(bytes, offset, Math.min(length, limit - kept.size()));
    }
}
