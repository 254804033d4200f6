package dev.burstlet.serve.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The SPDY/3.1 frames that a server of streams sends. */
final class SpdyFrames {
    static final int SYN_STREAM = 1;
    static final int SYN_REPLY = 2;
    static final int RST_STREAM = 3;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int HEADERS = 8;

    static final int STATUS_REFUSED_STREAM = 3;
    private static final int CONTROL = 0x80030000;
    private static final int FLAG_LAST = 1;

    private SpdyFrames() {}

    static ByteBuf synReply(int stream, HeaderBlocks blocks) {
        ByteBuf block = blocks.empty();
        return Unpooled.buffer(48)
                .writeInt(CONTROL | SYN_REPLY)
                .writeInt(Integer.BYTES + block.readableBytes())
                .writeInt(stream)
                .writeBytes(block);
    }

    static ByteBuf reset(int stream, int status) {
        return Unpooled.buffer(16)
                .writeInt(CONTROL | RST_STREAM)
                .writeInt(2 * Integer.BYTES)
                .writeInt(stream)
                .writeInt(status);
    }

    static ByteBuf ping(int id) {
        return Unpooled.buffer(12).writeInt(CONTROL | PING).writeInt(Integer.BYTES).writeInt(id);
    }

    static ByteBuf goAway(int lastStream) {
        return Unpooled.buffer(16)
                .writeInt(CONTROL | GOAWAY)
                .writeInt(2 * Integer.BYTES)
                .writeInt(lastStream)
                .writeInt(0);
    }

    /** The frames of one stream's data. */
    record Data(int stream) implements Outlet.Framing {
        @Override
        public Object data(byte[] bytes, int offset, int length) {
            return Unpooled.buffer(2 * Integer.BYTES + length)
                    .writeInt(stream)
                    .writeInt(length)
                    .writeBytes(bytes, offset, length);
        }

        @Override
        public @Nullable Object end() {
            return Unpooled.buffer(2 * Integer.BYTES).writeInt(stream).writeInt(FLAG_LAST << 24);
        }
    }
}
