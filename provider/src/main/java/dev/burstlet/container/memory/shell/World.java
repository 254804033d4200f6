package dev.burstlet.container.memory.shell;

import dev.burstlet.container.memory.file.Credentials;
import dev.burstlet.container.memory.file.FileView;
import java.time.Instant;
import java.util.List;

/** What a process sees of its container. */
public interface World {
    FileView files();

    Credentials user();

    String hostname();

    Instant now();

    /** The processes in the same PID namespace. */
    List<Entry> processes();

    /** Sends a signal; false where there is no such process. */
    boolean kill(int pid, int signal);

    /**
     * Lets connections to a TCP port of the network namespace be served until the handle is closed.
     *
     * @throws java.io.IOException where the port is taken
     */
    AutoCloseable listen(int port, Service service) throws java.io.IOException;

    /** Runs one connection; false where nobody listens. */
    boolean connect(int port, Streams streams) throws java.io.IOException, InterruptedException;

    /** Ends the process as one that used too much memory; false where it has no limit. */
    boolean exhaustMemory();

    /** One line of {@code ps}. */
    record Entry(int pid, long uid, String command) {}

    /** What serves one connection. */
    interface Service {
        void serve(Streams streams) throws java.io.IOException, InterruptedException;
    }
}
