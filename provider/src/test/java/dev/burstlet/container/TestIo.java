package dev.burstlet.container;

import dev.burstlet.pod.ProcessIo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A caller's streams, kept in memory. */
public final class TestIo implements ProcessIo {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final BlockingQueue<TerminalSize> sizes = new LinkedBlockingQueue<>();
    private final @Nullable InputStream in;
    private final boolean tty;

    private TestIo(@Nullable InputStream in, boolean tty) {
        this.in = in;
        this.tty = tty;
    }

    public static TestIo silent() {
        return new TestIo(null, false);
    }

    public static TestIo typing(String text) {
        return new TestIo(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), false);
    }

    public static TestIo reading(InputStream in) {
        return new TestIo(in, false);
    }

    public static TestIo terminal() {
        return new TestIo(null, true);
    }

    public void resize(int width, int height) {
        sizes.add(new TerminalSize(width, height));
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Override
    public boolean tty() {
        return tty;
    }

    @Override
    public @Nullable InputStream stdin() {
        return in;
    }

    @Override
    public OutputStream stdout() {
        return out;
    }

    @Override
    public @Nullable OutputStream stderr() {
        return tty ? null : err;
    }

    @Override
    public TerminalSize nextSize() throws InterruptedException {
        return sizes.take();
    }
}
