package dev.burstlet.serve.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The compressed header blocks of one SPDY connection. What comes in is inflated only as far as a
 * small limit; what goes out is a stream of stored blocks, which needs no compressor's memory.
 */
final class HeaderBlocks implements AutoCloseable {
    private static final int MAX_INFLATED = 16 << 10;
    private static final int MAX_HEADERS = 64;
    private static final int ZLIB_METHOD = 0x78;
    private static final int ZLIB_WITH_DICTIONARY = 0x20;
    private static final int ZLIB_CHECK = 31;

    private final Inflater inflater = new Inflater();
    private boolean begun;
    private boolean closed;

    /** Inflates and reads a block; names come in lower case. */
    Map<String, String> read(byte[] compressed) throws MalformedFrameException {
        if (closed) {
            throw new MalformedFrameException("after the end");
        }
        return parse(ByteBuffer.wrap(inflate(compressed)));
    }

    private byte[] inflate(byte[] compressed) throws MalformedFrameException {
        byte[] plain = new byte[1024];
        int length = 0;
        inflater.setInput(compressed);
        try {
            while (true) {
                int more = inflater.inflate(plain, length, plain.length - length);
                length += more;
                if (more == 0 && inflater.needsDictionary()) {
                    inflater.setDictionary(SpdyDictionary.BYTES);
                } else if (length == MAX_INFLATED) {
                    throw new MalformedFrameException("header block too large");
                } else if (length == plain.length) {
                    plain = Arrays.copyOf(plain, Math.min(MAX_INFLATED, 2 * length));
                } else if (more == 0) {
                    return Arrays.copyOf(plain, length);
                }
            }
        } catch (DataFormatException | IllegalArgumentException e) {
            throw new MalformedFrameException("bad compression");
        }
    }

    private static Map<String, String> parse(ByteBuffer block) throws MalformedFrameException {
        Map<String, String> headers = new HashMap<>();
        int count = number(block);
        if (count < 0 || count > MAX_HEADERS) {
            throw new MalformedFrameException("too many headers");
        }
        for (int i = 0; i < count; i++) {
            String name = text(block).toLowerCase(Locale.ROOT);
            headers.put(name, text(block));
        }
        return headers;
    }

    private static int number(ByteBuffer block) throws MalformedFrameException {
        if (block.remaining() < Integer.BYTES) {
            throw new MalformedFrameException("short header block");
        }
        return block.getInt();
    }

    private static String text(ByteBuffer block) throws MalformedFrameException {
        int length = number(block);
        if (length < 0 || length > block.remaining()) {
            throw new MalformedFrameException("short header block");
        }
        byte[] bytes = new byte[length];
        block.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** An empty block; nothing that is sent needs headers. */
    ByteBuf empty() {
        ByteBuf out = Unpooled.buffer(24);
        if (!begun) {
            begun = true;
            int flags = ZLIB_WITH_DICTIONARY;
            flags += ZLIB_CHECK - (ZLIB_METHOD << 8 | flags) % ZLIB_CHECK;
            out.writeByte(ZLIB_METHOD).writeByte(flags).writeInt(SpdyDictionary.CHECKSUM);
        }
        // A stored, not final block of four bytes: the number of headers, none.
        out.writeByte(0).writeShortLE(Integer.BYTES).writeShortLE(~Integer.BYTES).writeInt(0);
        // An empty stored block, the flush mark: readers hand out what came before only at it.
        out.writeByte(0).writeShortLE(0).writeShortLE(~0);
        return out;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            inflater.end();
        }
    }
}
