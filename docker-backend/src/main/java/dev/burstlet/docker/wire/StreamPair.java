package dev.burstlet.docker.wire;

import dev.burstlet.pod.ProcessIo;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The ends of a process without a terminal. */
public record StreamPair(
        @Nullable InputStream stdin, @Nullable OutputStream stdout, @Nullable OutputStream stderr)
        implements ProcessIo {
    @Override
    public boolean tty() {
        return false;
    }

    @Override
    public @Nullable TerminalSize nextSize() {
        return null;
    }
}
