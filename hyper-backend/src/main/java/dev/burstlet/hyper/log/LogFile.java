package dev.burstlet.hyper.log;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
            int start = buffer.position();
            int end = lineEnd(start);
            line.write(buffer.array(), start, end - start);
            if (end < buffer.limit()) {
                buffer.position(end + 1);
                byte[] complete = line.toByteArray();
                line.reset();
                return complete;
            }
            buffer.clear();
            int count = channel.read(buffer);
            buffer.flip();
            if (count <= 0) {
                buffer.limit(0);
                return null;
            }
        }
    }

    /** Where in the buffer the line ends; the buffer's end where it goes on behind. */
    private int lineEnd(int start) {
        byte[] bytes = buffer.array();
        int end = start;
        while (end < buffer.limit() && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    void position(long position) throws IOException {
        channel.position(position);
        buffer.limit(0);
        line.reset();
    }

    /** Whether the path names this file. */
    boolean is(Path path) throws IOException {
        try {
            @Nullable Object now = keyOf(path);
            return now == null || now.equals(key);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
