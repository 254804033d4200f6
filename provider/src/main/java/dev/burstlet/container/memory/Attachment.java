package dev.burstlet.container.memory;

import dev.burstlet.container.memory.shell.BytePipe;
import dev.burstlet.pod.ProcessIo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A caller joined to the streams of a container's first process. */
final class Attachment {
    private static final Duration STEP = Duration.ofMillis(200);

    private final MemoryContainer container;
    private final ProcessIo io;
    private final @Nullable BytePipe out;
    private final @Nullable BytePipe err;
    private final List<Thread> copies = new ArrayList<>();
    private volatile boolean callerGone;

    Attachment(MemoryContainer container, ProcessIo io) {
        this.container = container;
        this.io = io;
        this.out = io.stdout() == null ? null : new BytePipe();
        this.err = io.stderr() == null ? null : new BytePipe();
    }

    void run() throws InterruptedException {
        Output.Tap tap = new Output.Tap(out, err);
        join(out, io.stdout());
        join(err, io.stderr());
        container.taps().add(tap);
        if (container.ended()) {
            tap.end();
        }
        @Nullable Thread input = input();
        try {
            while (!container.awaitEnd(STEP) && !callerGone) {}
            tap.end();
            for (Thread copy : copies) {
                copy.join();
            }
        } finally {
            container.taps().remove(tap);
            tap.end();
            copies.forEach(Thread::interrupt);
            if (input != null) {
                input.interrupt();
            }
        }
    }

    private void join(@Nullable BytePipe pipe, @Nullable OutputStream to) {
        if (pipe != null && to != null) {
            copies.add(Thread.startVirtualThread(() -> copy(pipe, to)));
        }
    }

    private void copy(BytePipe pipe, OutputStream to) {
        byte[] buffer = new byte[8192];
        try {
            InputStream from = pipe.reader();
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                to.write(buffer, 0, n);
                to.flush();
            }
        } catch (IOException e) {
            callerGone = true;
        } finally {
            MemoryHost.closeQuietly(pipe.reader());
        }
    }

    private @Nullable Thread input() {
        @Nullable InputStream from = io.stdin();
        @Nullable BytePipe to = container.stdin();
        if (from == null || to == null) {
            return null;
        }
        boolean once = container.spec().stdinOnce();
        return Thread.startVirtualThread(() -> {
            try {
                from.transferTo(to.writer());
            } catch (IOException e) {
                // Caller or process has gone.
            } finally {
                if (once) {
                    MemoryHost.closeQuietly(to.writer());
                }
            }
        });
    }
}
