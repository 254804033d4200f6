package dev.burstlet.pod;

import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The caller's ends of a process's streams. A stream that the caller does not want is null. With a
 * tty there is no stderr.
 */
public interface ProcessIo {
    boolean tty();

    /** Read until its end; the end is passed on to the process as end-of-file. */
    @Nullable InputStream stdin();

    @Nullable OutputStream stdout();

    @Nullable OutputStream stderr();

    /** Waits for the next size of the caller's terminal; null when there will be none any more. */
    @Nullable TerminalSize nextSize() throws InterruptedException;

    /** In characters. */
    record TerminalSize(int width, int height) {}
}
