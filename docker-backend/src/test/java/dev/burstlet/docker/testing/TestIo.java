package dev.burstlet.docker.testing;

import dev.burstlet.pod.ProcessIo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A caller's ends that keep what comes. */
public final class TestIo implements ProcessIo {
    private final boolean tty;
    private final @Nullable InputStream stdin;
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final BlockingQueue<TerminalSize> sizes = new LinkedBlockingQueue<>();

    public TestIo(boolean tty, @Nullable InputStream stdin, List<TerminalSize> sizes) {
        this.tty = tty;
        this.stdin = stdin;
        this.sizes.addAll(sizes);
    }

    public static TestIo none() {
        return new TestIo(false, null, List.of());
    }

    public static TestIo input(String text) {
        return new TestIo(
                false, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), List.of());
    }

    public String out() {
        return stdout.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    @Override
    public boolean tty() {
        return tty;
    }

    @Override
    public @Nullable InputStream stdin() {
        return stdin;
    }

    @Override
    public OutputStream stdout() {
        return stdout;
    }

    @Override
    public OutputStream stderr() {
        return stderr;
    }

    @Override
    public TerminalSize nextSize() throws InterruptedException {
        return sizes.take();
    }
}
