package dev.burstlet.container.memory;

import dev.burstlet.container.ExecResult;
import dev.burstlet.container.memory.shell.BytePipe;
import dev.burstlet.container.memory.shell.Interpreter;
import dev.burstlet.container.memory.shell.Signal;
import dev.burstlet.container.memory.shell.Streams;
import dev.burstlet.container.memory.shell.Task;
import dev.burstlet.container.memory.shell.Vocabulary;
import dev.burstlet.container.memory.shell.World;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.ProcessIo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The calls that join streams: exec, attach, port-forward. */
final class StreamCalls {
    private static final AtomicInteger PIDS = new AtomicInteger(1000);

    private final MemoryHost host;

    StreamCalls(MemoryHost host) {
        this.host = host;
    }

    int exec(String id, List<String> command, ProcessIo io)
            throws IOException, InterruptedException {
        MemoryContainer container = running(id);
        List<Thread> pumps = new ArrayList<>();
        InputStream in = pumped(io.stdin(), pumps);
        OutputStream out = orNull(io.stdout());
        OutputStream err = orNull(io.stderr());
        if (io.tty()) {
            out = Output.terminal(out);
            err = out;
        }
        Task task = new Task(PIDS.incrementAndGet(), false, io.tty());
        if (io.tty()) {
            pumps.add(sizes(io, task));
        }
        try {
            int code = run(container, task, command, new Streams(in, out, err), null);
            flush(io);
            return code;
        } finally {
            pumps.forEach(Thread::interrupt);
        }
    }

    private static void flush(ProcessIo io) throws IOException {
        orNull(io.stdout()).flush();
        orNull(io.stderr()).flush();
    }

    private static OutputStream orNull(@Nullable OutputStream stream) {
        return stream == null ? OutputStream.nullOutputStream() : stream;
    }

    private static Thread sizes(ProcessIo io, Task task) {
        return Thread.startVirtualThread(() -> {
            try {
                ProcessIo.@Nullable TerminalSize size = io.nextSize();
                while (size != null) {
                    task.resize(size);
                    size = io.nextSize();
                }
            } catch (InterruptedException e) {
                // The process has ended.
            }
        });
    }

    /** A stream that can be read without being held up by the caller for ever. */
    private static InputStream pumped(@Nullable InputStream source, List<Thread> pumps) {
        if (source == null) {
            return InputStream.nullInputStream();
        }
        BytePipe pipe = new BytePipe();
        pumps.add(copy(source, pipe.writer()));
        return pipe.reader();
    }

    private static Thread copy(InputStream from, OutputStream to) {
        return Thread.startVirtualThread(() -> {
            try {
                byte[] buffer = new byte[8192];
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    to.write(buffer, 0, n);
                    to.flush();
                }
            } catch (IOException e) {
                // The reader has gone.
            } finally {
                MemoryHost.closeQuietly(to);
            }
        });
    }

    private MemoryContainer running(String id) {
        MemoryContainer container = host.container(id);
        if (!container.running()) {
            throw new BackendException(Reason.CONFLICT, "container " + id + " is not running");
        }
        return container;
    }

    /** Runs to the end, or kills the process when the time is over or the caller gives up. */
    private static int run(
            MemoryContainer container,
            Task task,
            List<String> command,
            Streams io,
            @Nullable Duration limit)
            throws InterruptedException {
        if (command.isEmpty() || !Vocabulary.knows(command.getFirst())) {
            throw new BackendException(
                    Reason.CANNOT_RUN,
                    "exec: "
                            + (command.isEmpty() ? "no command" : command.getFirst())
                            + ": executable file not found in $PATH");
        }
        Surroundings world = container.surroundings();
        AtomicInteger code = new AtomicInteger(255);
        container.execs().add(task);
        try {
            Thread thread =
                    task.start(() ->
                            code.set(
                                    Interpreter.run(
                                            task,
                                            world,
                                            io,
                                            command,
                                            world.environment(),
                                            world.directory())));
            if (!container.running()) {
                task.signal(Signal.KILL);
            }
            if (limit == null) {
                thread.join();
            } else if (!thread.join(limit)) {
                throw new BackendException(
                        Reason.TIMEOUT, "command timed out after " + limit.toMillis() + " ms");
            }
            return code.get();
        } finally {
            task.signal(Signal.KILL);
            container.execs().remove(task);
        }
    }

    ExecResult execSync(String id, List<String> command, Duration timeout, int limit)
            throws InterruptedException {
        MemoryContainer container = running(id);
        OutputStream output = new Limited(limit);
        Task task = new Task(PIDS.incrementAndGet(), false, false);
        Streams io = new Streams(InputStream.nullInputStream(), output, output);
        int code = run(container, task, command, io, timeout);
        return new ExecResult(code, output.toString());
    }

    /** The first bytes of what is written to it. */
    private static final class Limited extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final int limit;

        Limited(int limit) {
            this.limit = limit;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int count) {
            kept.write(bytes, offset, Math.min(count, limit - kept.size()));
        }

        @Override
        public synchronized String toString() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }

    void attach(String id, ProcessIo io) throws InterruptedException {
        MemoryContainer container = running(id);
        Attachment attachment = new Attachment(container, io);
        attachment.run();
    }

    void portForward(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        World.@Nullable Service service = service(sandboxId, port);
        if (service == null) {
            throw new BackendException(
                    Reason.UNAVAILABLE, "connection to port " + port + " of the pod was refused");
        }
        List<Thread> pumps = new ArrayList<>();
        Streams io = new Streams(pumped(in, pumps), out, OutputStream.nullOutputStream());
        Thread server = Thread.startVirtualThread(() -> serve(service, io));
        try {
            server.join();
            out.flush();
        } finally {
            server.interrupt();
            pumps.forEach(Thread::interrupt);
        }
    }

    /** What listens on a port, if anything does. */
    World.@Nullable Service service(String sandboxId, int port) {
        Sandbox sandbox = host.sandbox(sandboxId);
        return sandbox.ready() ? host.service(sandbox, port) : null;
    }

    private static void serve(World.Service service, Streams io) {
        try {
            service.serve(io);
        } catch (IOException | InterruptedException e) {
            // The connection is closed, whatever the cause.
        }
    }
}
