package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Wire;
import dev.burstlet.serve.http.WriteGate;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to a client on one stream. A write waits while the connection's buffer is full.
 * Closing it tells the client that nothing more comes, where the protocol can say so.
 */
final class Outlet extends OutputStream {
    private static final int CHUNK = 32 << 10;

    private final Channel channel;
    private final StreamWatch watch;
    private final Framing framing;
    private final WriteGate writable;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean reset;

    Outlet(Channel channel, StreamWatch watch, Framing framing) {
        this.channel = channel;
        this.watch = watch;
        this.framing = framing;
        this.writable = WriteGate.of(channel);
    }

    /** The client wants no more of it. */
    void reset() {
        reset = true;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int next = Math.min(end, at + CHUNK);
            writable.await(channel);
            if (reset || closed.get()) {
                throw new IOException("the stream is closed");
            }
            Wire.send(channel, framing.data(bytes, at, next - at));
            watch.touch();
            at = next;
        }
    }

    /** An empty message, as a sign of life. */
    void writeNothing() {
        Wire.send(channel, framing.data(new byte[0], 0, 0));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && !reset) {
            Object last = framing.end();
            if (last != null) {
                Wire.send(channel, last);
            }
        }
    }

    /** How a protocol wraps the bytes of one stream; the bytes are copied. */
    interface Framing {
        Object data(byte[] bytes, int offset, int length);

        /** What says that nothing more comes; null where the protocol has no words for it. */
        @Nullable Object end();
    }
}
