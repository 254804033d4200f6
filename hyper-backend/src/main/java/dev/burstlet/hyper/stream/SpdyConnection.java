package dev.burstlet.hyper.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A client's SPDY/3.1 connection over a blocking socket. Netty's frame codec is used as a pure
 * function between bytes and frames; back-pressure is the socket's own, as one thread reads and
 * hands each frame on before it reads the next. There is no flow control by windows: the servers of
 * the CRI (moby/spdystream) have none and never send a WINDOW_UPDATE.
 *
 * <p>Streams may be written from several threads. Closing ends the socket and every stream.
 */
final class SpdyConnection implements Closeable {
    private static final int READ_BYTES = 32 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final EmbeddedChannel encoder = codec();
    private final EmbeddedChannel decoder = codec();
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
    private int nextStreamId = 1;

    SpdyConnection(Socket socket, InputStream in, OutputStream out) {
        this.socket = socket;
        this.in = in;
        this.out = out;
    }

    /** Opens a stream; what comes on it goes to the sink. */
    SpdyStream open(Map<String, String> headers, SpdyStream.Sink sink) throws IOException {
        writing.lock();
        try {
            SpdyStream stream = new SpdyStream(this, nextStreamId, sink);
            nextStreamId += 2;
            DefaultSpdySynStreamFrame frame =
                    new DefaultSpdySynStreamFrame(stream.id(), 0, (byte) 0);
            headers.forEach((name, value) -> frame.headers().set(name, value));
            streams.put(stream.id(), stream);
            write(frame);
            return stream;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Reads frames until the given streams have ended or the connection has.
     *
     * @throws IOException also when the sink of a stream fails
     */
    void readUntilEnded(SpdyStream... awaited) throws IOException {
        byte[] buffer = new byte[READ_BYTES];
        while (!allEnded(awaited)) {
            int count = in.read(buffer);
            if (count < 0) {
                endAll();
                return;
            }
            decoder.writeInbound(Unpooled.wrappedBuffer(buffer, 0, count).copy());
            @Nullable Object frame;
            while ((frame = decoder.readInbound()) != null) {
                try {
                    receive(frame);
                } finally {
                    ReferenceCountUtil.release(frame);
                }
            }
        }
    }

    private static boolean allEnded(SpdyStream... awaited) {
        for (SpdyStream stream : awaited) {
            if (!stream.ended()) {
                return false;
            }
        }
        return true;
    }

    private void receive(Object frame) throws IOException {
        switch (frame) {
            case SpdyDataFrame data -> receiveData(data);
            case SpdySynReplyFrame reply -> {
                if (reply.isLast()) {
                    end(reply.streamId());
                }
            }
            case SpdyRstStreamFrame reset -> end(reset.streamId());
            case SpdyPingFrame ping -> {
                // Ours would be odd; an even number is the server's, to be echoed.
                if (ping.id() % 2 == 0) {
                    send(ping);
                }
            }
            case SpdyGoAwayFrame _ -> {
                // The server takes no new streams; those that are open go on to their end.
            }
            default -> {
                // SETTINGS, WINDOW_UPDATE, HEADERS: nothing here depends on them.
            }
        }
    }

    private void receiveData(SpdyDataFrame data) throws IOException {
        @Nullable SpdyStream stream = streams.get(data.streamId());
        if (stream == null) {
            return;
        }
        ByteBuf content = data.content();
        if (content.isReadable()) {
            byte[] bytes = new byte[content.readableBytes()];
            content.readBytes(bytes);
            stream.receive(bytes);
        }
        if (data.isLast()) {
            end(data.streamId());
        }
    }

    private void end(int id) throws IOException {
        @Nullable SpdyStream stream = streams.remove(id);
        if (stream != null) {
            stream.end();
        }
    }

    private void endAll() throws IOException {
        for (Integer id : streams.keySet()) {
            end(id);
        }
    }

    void sendData(int streamId, byte[] bytes, int offset, int length, boolean last)
            throws IOException {
        DefaultSpdyDataFrame frame =
                new DefaultSpdyDataFrame(
                        streamId, Unpooled.wrappedBuffer(bytes, offset, length).copy());
        frame.setLast(last);
        send(frame);
    }

    private void send(Object frame) throws IOException {
        writing.lock();
        try {
            write(frame);
        } finally {
            writing.unlock();
        }
    }

    private void write(Object frame) throws IOException {
        encoder.writeOutbound(frame);
        @Nullable ByteBuf bytes;
        while ((bytes = encoder.readOutbound()) != null) {
            try {
                bytes.readBytes(out, bytes.readableBytes());
            } finally {
                bytes.release();
            }
        }
        out.flush();
    }

    /** Says goodbye as far as that is still possible. */
    @Override
    public void close() throws IOException {
        try (socket) {
            send(new DefaultSpdyGoAwayFrame(0));
        } catch (IOException ignored) {
            // The server has closed already.
        } finally {
            encoder.finishAndReleaseAll();
            decoder.finishAndReleaseAll();
        }
    }

    private static EmbeddedChannel codec() {
        return new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    }

    /** For messages. */
    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
