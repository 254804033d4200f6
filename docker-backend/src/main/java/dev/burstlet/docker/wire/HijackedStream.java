package dev.burstlet.docker.wire;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.ProcessIo;
import dev.burstlet.pod.ProcessIo.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has become a process's streams. The caller's thread copies output, so that a
 * slow reader slows the process; threads of their own copy input and terminal sizes.
 */
public final class HijackedStream {
    /** Never typed, so that no key detaches: the engine's own, ctrl-p ctrl-q, would. */
    public static final String NO_DETACH_KEYS = "ctrl-^,ctrl-@,ctrl-_,ctrl-^,ctrl-@,ctrl-_";

    private static final String START_FAILURE = "OCI runtime exec failed";
    private static final int MOST_FAILURE_BYTES = 16 * 1024;

    private static final Duration FIRST_LOOK = Duration.ofSeconds(1);
    private static final Duration QUIET = Duration.ofSeconds(4);

    private final String what;
    private final EngineConnection connection;
    private final ProcessIo io;
    private final StringBuilder held = new StringBuilder();
    private @Nullable BooleanSupplier ended;
    private volatile boolean waiting;
    private volatile long waitingSince;
    private volatile boolean endedHere;
    private boolean watchForFailure;
    private boolean inputStaysOpen;

    public HijackedStream(String what, EngineConnection connection, ProcessIo io) {
        this.what = what;
        this.connection = connection;
        this.io = io;
    }

    /** Output that begins with the engine's words for a failed start is held back. */
    HijackedStream watchingForStartFailure() {
        watchForFailure = true;
        return this;
    }

    /**
     * An engine whose client ends its input before the process has begun may never end the stream:
     * once the input is over, the process has ended and nothing comes any more, it is ended here.
     */
    HijackedStream endingWith(BooleanSupplier processEnded) {
        ended = processEnded;
        return this;
    }

    /**
     * The end of the input is not told: to an engine it means to detach, output and all, where the
     * process's input is to stay open for others.
     */
    public HijackedStream keepingInputOpen() {
        inputStaysOpen = true;
        return this;
    }

    /**
     * Copies until the engine ends the stream.
     *
     * @return output held back, empty where there was none
     * @throws IOException from the caller's streams
     */
    public String copy(
            InputStream body,
            boolean raw,
            @Nullable Deadline deadline,
            Consumer<TerminalSize> resize)
            throws IOException, InterruptedException {
        Thread input = Thread.ofVirtual().name(what + " stdin").start(this::copyInput);
        Thread sizes = Thread.ofVirtual().name(what + " resize").start(() -> copySizes(resize));
        try {
            copyOutput(new Frames(body, raw), deadline);
        } finally {
            connection.close();
            input.interrupt();
            sizes.interrupt();
        }
        return held.toString();
    }

    private void copyOutput(Frames frames, @Nullable Deadline deadline)
            throws IOException, InterruptedException {
        while (next(frames, deadline)) {
            if (watchForFailure && held(frames)) {
                continue;
            }
            watchForFailure = false;
            write(frames);
        }
    }

    private boolean next(Frames frames, @Nullable Deadline deadline)
            throws IOException, InterruptedException {
        waitingSince = System.nanoTime();
        waiting = true;
        try {
            return Wire.use(what, deadline, frames::next);
        } catch (BackendException e) {
            if (endedHere) {
                return false;
            }
            throw e;
        } finally {
            waiting = false;
        }
    }

    private boolean held(Frames piece) {
        String text = new String(piece.bytes(), 0, piece.length(), StandardCharsets.UTF_8);
        if (held.isEmpty() && !text.startsWith(START_FAILURE)) {
            return false;
        }
        if (held.length() < MOST_FAILURE_BYTES) {
            held.append(text);
        }
        return true;
    }

    private void write(Frames piece) throws IOException {
        @Nullable OutputStream out =
                piece.stream() == Frames.STDERR && !io.tty() ? io.stderr() : io.stdout();
        if (out != null) {
            out.write(piece.bytes(), 0, piece.length());
            out.flush();
        }
    }

    private void copyInput() {
        try {
            @Nullable InputStream stdin = io.stdin();
            if (stdin == null) {
                return;
            }
            byte[] buffer = new byte[32 * 1024];
            OutputStream out = connection.out();
            for (int n = read(stdin, buffer); n >= 0; n = read(stdin, buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
            if (!inputStaysOpen) {
                connection.shutdownOutput();
                endWithProcess();
            }
        } catch (IOException e) {
            // The process or the connection has ended; the output side reports it.
        } catch (InterruptedException e) {
            // The stream has ended.
        }
    }

    private void endWithProcess() throws InterruptedException {
        BooleanSupplier over = ended;
        if (over == null) {
            return;
        }
        for (Duration pause = FIRST_LOOK;
                !endedHere;
                pause = pause.compareTo(QUIET) < 0 ? pause.multipliedBy(2) : pause) {
            Thread.sleep(pause);
            long since = waitingSince;
            boolean quiet = waiting && System.nanoTime() - since > QUIET.toNanos();
            if (quiet && over.getAsBoolean() && waiting && waitingSince == since) {
                endedHere = true;
                connection.close();
            }
        }
    }

    /** A caller that cannot be read any more has ended. */
    private static int read(InputStream stdin, byte[] buffer) {
        try {
            return stdin.read(buffer);
        } catch (IOException e) {
            return -1;
        }
    }

    private void copySizes(Consumer<TerminalSize> resize) {
        if (!io.tty()) {
            return;
        }
        try {
            for (TerminalSize size = io.nextSize(); size != null; size = io.nextSize()) {
                resize.accept(size);
            }
        } catch (InterruptedException e) {
            // the stream has ended
        }
    }
}
