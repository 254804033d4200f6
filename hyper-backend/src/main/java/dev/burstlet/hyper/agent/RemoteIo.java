package dev.burstlet.hyper.agent;

import com.google.protobuf.ByteString;
import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.pod.ProcessIo;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A process's streams at the other end of a call. */
final class RemoteIo implements ProcessIo, AutoCloseable {
    private final V1.ProcessStart start;
    private final @Nullable InputStream stdin;
    private final @Nullable OutputStream stdout;
    private final @Nullable OutputStream stderr;
    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(2);
    private final BlockingQueue<Size> sizes = new LinkedBlockingQueue<>();
    private final Thread sorting;

    private record Piece(@Nullable ByteString bytes) {}

    private record Size(@Nullable TerminalSize size) {}

    RemoteIo(Duplex<V1.ProcessInput, V1.ProcessOutput> call, V1.ProcessStart start) {
        this.start = start;
        this.stdin = start.getStdin() ? new Pulled(() -> pieces.take().bytes()) : null;
        this.stdout =
                start.getStdout()
                        ? new AgentStreams.Sent(bytes ->
                                call.send(V1.ProcessOutput.newBuilder().setStdout(bytes).build()))
                        : null;
        this.stderr =
                start.getStderr()
                        ? new AgentStreams.Sent(bytes ->
                                call.send(V1.ProcessOutput.newBuilder().setStderr(bytes).build()))
                        : null;
        this.sorting = Thread.ofVirtual().name("agent-input").start(() -> sort(call));
    }

    private void sort(Duplex<V1.ProcessInput, V1.ProcessOutput> call) {
        try {
            V1.ProcessInput next;
            while ((next = call.take()) != null) {
                switch (next.getInputCase()) {
                    case STDIN -> pieces.put(new Piece(next.getStdin()));
                    case STDIN_END -> pieces.put(new Piece(null));
                    case SIZE ->
                            sizes.add(
                                    new Size(
                                            new TerminalSize(
                                                    next.getSize().getWidth(),
                                                    next.getSize().getHeight())));
                    case START, INPUT_NOT_SET -> {
                        // A later side's; nothing of ours.
                    }
                }
            }
            sizes.add(new Size(null));
            pieces.put(new Piece(null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean tty() {
        return start.getTty();
    }

    @Override
    public @Nullable InputStream stdin() {
        return stdin;
    }

    @Override
    public @Nullable OutputStream stdout() {
        return stdout;
    }

    @Override
    public @Nullable OutputStream stderr() {
        return stderr;
    }

    @Override
    public @Nullable TerminalSize nextSize() throws InterruptedException {
        Size next = sizes.take();
        if (next.size() == null) {
            sizes.add(next);
        }
        return next.size();
    }

    @Override
    public void close() {
        sorting.interrupt();
    }
}
