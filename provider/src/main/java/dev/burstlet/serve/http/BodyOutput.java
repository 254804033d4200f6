package dev.burstlet.serve.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * A response body of unknown length, sent as it is written. The response's head goes out with the
 * first byte, so that an error before it can still be answered as one.
 */
final class BodyOutput extends OutputStream {
    private static final int CHUNK = 32 << 10;

    private final Channel channel;
    private final HttpResponse head;
    private final WriteGate writable;
    private boolean begun;

    BodyOutput(Channel channel, HttpResponse head) {
        this.channel = channel;
        this.head = head;
        this.writable = WriteGate.of(channel);
    }

    boolean begun() {
        return begun;
    }

    void begin() {
        if (!begun) {
            begun = true;
            Wire.send(channel, head);
        }
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
            begin();
            byte[] copy = Arrays.copyOfRange(bytes, at, next);
            Wire.send(channel, new DefaultHttpContent(Unpooled.wrappedBuffer(copy)));
            at = next;
        }
    }
}
