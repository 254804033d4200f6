package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads SPDY/3.1 frames. Data is passed on as it comes; of a control frame at most 16 KiB are
 * gathered, and a larger one ends the connection.
 */
final class SpdyDecoder extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(SpdyDecoder.class);
    private static final int HEADER = 8;
    private static final int MAX_CONTROL = 16 << 10;
    private static final int MAX_PIECE = 64 << 10;
    private static final int VERSION = 3;
    private static final int FLAG_LAST = 1;

    private final SpdyEvents events;
    private int stream;
    private int dataLeft;
    private boolean dataIsLast;

    SpdyDecoder(SpdyEvents events) {
        this.events = events;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        try {
            while (dataLeft > 0 ? in.isReadable() : header(in)) {
                if (dataLeft > 0) {
                    piece(in);
                }
            }
        } catch (MalformedFrameException e) {
            LOG.debug("SPDY from {}: {}", ctx.channel().remoteAddress(), e.getMessage());
            in.skipBytes(in.readableBytes());
            Wire.close(ctx);
        }
    }

    private void piece(ByteBuf in) {
        byte[] bytes = new byte[Math.min(Math.min(dataLeft, in.readableBytes()), MAX_PIECE)];
        in.readBytes(bytes);
        dataLeft -= bytes.length;
        events.data(stream, bytes);
        if (dataLeft == 0 && dataIsLast) {
            events.ended(stream);
        }
    }

    /** Reads a frame's header, of a control frame all; false where more bytes are needed. */
    private boolean header(ByteBuf in) throws MalformedFrameException {
        if (in.readableBytes() < HEADER) {
            return false;
        }
        int start = in.readerIndex();
        int flags = in.getUnsignedByte(start + 4);
        int length = in.getUnsignedMedium(start + 5);
        int word = in.getInt(start);
        if (word >= 0) {
            in.skipBytes(HEADER);
            stream = word;
            dataLeft = length;
            dataIsLast = (flags & FLAG_LAST) != 0;
            if (dataLeft == 0 && dataIsLast) {
                events.ended(stream);
            }
            return true;
        }
        if ((word >>> 16 & 0x7fff) != VERSION || length > MAX_CONTROL) {
            throw new MalformedFrameException("version or length");
        }
        if (in.readableBytes() < HEADER + length) {
            return false;
        }
        in.skipBytes(HEADER);
        control(word & 0xffff, flags, in.readSlice(length));
        return true;
    }

    private void control(int type, int flags, ByteBuf body) throws MalformedFrameException {
        switch (type) {
            case SpdyFrames.SYN_STREAM -> {
                need(body, 10);
                int id = body.readInt() & Integer.MAX_VALUE;
                body.skipBytes(6);
                byte[] headers = new byte[body.readableBytes()];
                body.readBytes(headers);
                events.opened(id, (flags & FLAG_LAST) != 0, headers);
            }
            case SpdyFrames.RST_STREAM -> {
                need(body, 8);
                events.reset(body.readInt() & Integer.MAX_VALUE);
            }
            case SpdyFrames.PING -> {
                need(body, 4);
                events.ping(body.readInt());
            }
            case SpdyFrames.GOAWAY -> events.goneAway();
            case SpdyFrames.SYN_REPLY, SpdyFrames.HEADERS ->
                    // They would carry on the compression's state; no client has reason to.
                    throw new MalformedFrameException("unexpected frame " + type);
            default -> {
                // SETTINGS, WINDOW_UPDATE and unknown ones mean nothing here.
            }
        }
    }

    private static void need(ByteBuf body, int bytes) throws MalformedFrameException {
        if (body.readableBytes() < bytes) {
            throw new MalformedFrameException("short frame");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        events.closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("connection to {}: {}", ctx.channel().remoteAddress(), cause.toString());
        Wire.close(ctx);
    }
}
