package dev.burstlet.hyper.remote;

import com.google.protobuf.ByteString;
import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.pod.ProcessIo;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** What the caller of a process sends: its start, standard input and sizes of the terminal. */
final class InputSide implements AutoCloseable {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final BlockingClientCall<V1.ProcessInput, V1.ProcessOutput> call;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Thread> threads = new ArrayList<>();

    InputSide(
            BlockingClientCall<V1.ProcessInput, V1.ProcessOutput> call,
            V1.ProcessStart start,
            ProcessIo io)
            throws StatusException, InterruptedException {
        this.call = call;
        send(V1.ProcessInput.newBuilder().setStart(start).build());
        InputStream stdin = io.stdin();
        if (stdin != null) {
            threads.add(
                    pump(
                            "agent-stdin",
                            stdin,
                            bytes -> send(V1.ProcessInput.newBuilder().setStdin(bytes).build()),
                            () ->
                                    send(
                                            V1.ProcessInput.newBuilder()
                                                    .setStdinEnd(V1.StdinEnd.getDefaultInstance())
                                                    .build())));
        }
        if (io.tty()) {
            threads.add(Thread.ofVirtual().name("agent-sizes").start(() -> sizes(io)));
        }
    }

    private void sizes(ProcessIo io) {
        try {
            ProcessIo.TerminalSize size;
            while ((size = io.nextSize()) != null) {
                send(
                        V1.ProcessInput.newBuilder()
                                .setSize(
                                        V1.TerminalSize.newBuilder()
                                                .setWidth(size.width())
                                                .setHeight(size.height()))
                                .build());
            }
        } catch (StatusException e) {
            // The call has ended; its reader tells.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(V1.ProcessInput input) throws StatusException, InterruptedException {
        lock.lockInterruptibly();
        try {
            var _ = call.write(input);
        } finally {
            lock.unlock();
        }
    }

    /** Sends bytes. */
    interface Sending {
        void send(ByteString bytes) throws StatusException, InterruptedException;
    }

    /** Tells the end. */
    interface Ending {
        void end() throws StatusException, InterruptedException;
    }

    /** Sends what an input gives until its end. */
    static Thread pump(String name, InputStream in, Sending sending, Ending ending) {
        return Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    byte[] buffer = new byte[BUFFER_BYTES];
                    try {
                        int count;
                        while ((count = in.read(buffer)) >= 0) {
                            sending.send(ByteString.copyFrom(buffer, 0, count));
                        }
                        ending.end();
                    } catch (IOException | StatusException | IllegalStateException e) {
                        // One of the ends is gone, or the call has ended; the reader tells.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
