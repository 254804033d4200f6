package dev.burstlet.container.memory;

import dev.burstlet.container.memory.shell.BytePipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Where a container's first process writes to: its log, and whoever is attached. */
final class Output extends OutputStream {
    private final MemoryContainer container;
    private final boolean stderr;

    Output(MemoryContainer container, boolean stderr) {
        this.container = container;
        this.stderr = stderr;
    }

    /** One that is attached; a slow one slows the process. */
    record Tap(@Nullable BytePipe stdout, @Nullable BytePipe stderr) {
        void end() {
            MemoryHost.closeQuietly(stdout == null ? null : stdout.writer());
            MemoryHost.closeQuietly(stderr == null ? null : stderr.writer());
        }
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        byte[] text = container.spec().tty() ? terminal(bytes, offset, count) : bytes;
        int start = container.spec().tty() ? 0 : offset;
        int length = container.spec().tty() ? text.length : count;
        container.log().append(stderr, text, start, length, container.host().now());
        for (Tap tap : container.taps()) {
            @Nullable BytePipe pipe = stderr ? tap.stderr() : tap.stdout();
            if (pipe != null) {
                try {
                    pipe.writer().write(text, start, length);
                } catch (IOException e) {
                    container.taps().remove(tap);
                }
            }
        }
    }

    /** As a terminal has it: a carriage return before each line end. */
    static byte[] terminal(byte[] bytes, int offset, int count) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(count + 8);
        for (int i = offset; i < offset + count; i++) {
            if (bytes[i] == '\n') {
                text.write('\r');
            }
            text.write(bytes[i]);
        }
        return text.toByteArray();
    }

    /** A stream that passes on what a terminal would show. */
    static OutputStream terminal(OutputStream out) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                out.write(terminal(bytes, offset, count));
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }
        };
    }
}
