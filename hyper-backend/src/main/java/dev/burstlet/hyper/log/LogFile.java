package dev.burstlet.hyper.log;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** An open log file, read line by line; a line that is not ended yet stays for the next reading. */
final class LogFile implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final SeekableByteChannel channel;
    private final @Nullable Object key;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private LogFile(SeekableByteChannel channel, @Nullable Object key) {
        this.channel = channel;
        this.key = key;
    }

    static LogFile open(Path path) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(path, StandardOpenOption.READ);
        return new LogFile(channel, keyOf(path));
    }

    /** Null at the end of what is written so far. */
    byte @Nullable [] nextLine() throws IOException {
        while (true) {
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    byte[] complete = line.toByteArray();
                    line.reset();
                    return complete;
                }
                line.write(next);
            }
            buffer.clear();
            int count = channel.read(buffer);
            buffer.flip();
            if (count <= 0) {
                return null;
            }
        }
    }

    void position(long position) throws IOException {
        channel.position(position);
        buffer.limit(0);
        line.reset();
    }

    /** Whether the path names another file by now: it was rotated. */
    boolean replaced(Path path) throws IOException {
        if (!Files.exists(path)) {
            return false;
        }
        @Nullable Object now = keyOf(path);
        return now != null && !now.equals(key);
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
