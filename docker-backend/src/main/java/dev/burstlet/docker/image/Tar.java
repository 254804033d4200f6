package dev.burstlet.docker.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A tar archive (ustar) in memory, the same bytes for the same files. */
final class Tar {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds a file of root's, with a name of at most 100 bytes. */
    Tar file(String name, byte[] content, int mode) {
        out.writeBytes(header(name, mode, content.length));
        out.writeBytes(content);
        out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        return this;
    }

    byte[] bytes() {
        out.writeBytes(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    private static byte[] header(String name, int mode, int size) {
        byte[] header = new byte[BLOCK];
        text(header, 0, 100, name);
        number(header, 100, 8, mode);
        number(header, 108, 8, 0);
        number(header, 116, 8, 0);
        number(header, 124, 12, size);
        number(header, 136, 12, 0);
        Arrays.fill(header, 148, 156, (byte) ' ');
        header[156] = '0';
        text(header, 257, 6, "ustar");
        text(header, 263, 2, "00");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        number(header, 148, 7, sum);
        return header;
    }

    private static void text(byte[] header, int at, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > length) {
            throw new IllegalArgumentException("too long for a tar header: " + text);
        }
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static void number(byte[] header, int at, int length, long value) {
        String digits = Long.toOctalString(value);
        text(header, at, length - 1, "0".repeat(length - 1 - digits.length()) + digits);
    }
}
