package dev.burstlet.serve.stream;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.ProcessIo;
import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs something with a client's stdin, stdout, stderr and terminal, and tells the client how it
 * ended.
 */
public final class RemoteCommand {
    private final StreamLimits limits;

    public RemoteCommand(StreamLimits limits) {
        this.limits = limits;
    }

    /**
     * Runs a process over the request's streams.
     *
     * @param failure what precedes the cause when the process cannot be run, in the kubelet's words
     */
    public void run(Exchange exchange, String failure, Command command)
            throws Refusal, IOException, InterruptedException {
        Wanted wanted = Wanted.of(exchange.query());
        CommandStreams streams = open(exchange, wanted);
        try {
            byte[] end = end(streams, wanted, failure, command);
            if (end.length > 0) {
                streams.error().write(end);
            }
            close(streams);
            streams.goodbye().say();
        } finally {
            discard(streams.stdin());
            discard(streams.resize());
        }
    }

    private CommandStreams open(Exchange exchange, Wanted wanted)
            throws Refusal, IOException, InterruptedException {
        if (Upgrades.asksForSpdy(exchange)) {
            return SpdyCommand.open(exchange, wanted, limits);
        }
        if (Upgrades.asksForWebSocket(exchange)) {
            return WebSocketCommand.open(exchange, wanted, limits);
        }
        throw Upgrades.none();
    }

    private static byte[] end(
            CommandStreams streams, Wanted wanted, String failure, Command command)
            throws InterruptedException {
        try {
            return streams.format().exited(command.run(new CommandIo(streams, wanted.tty())));
        } catch (BackendException | IOException e) {
            return streams.format().failed(failure + ": " + e.getMessage());
        }
    }

    private static void close(CommandStreams streams) {
        Outlet stdout = streams.stdout();
        if (stdout != null) {
            stdout.close();
        }
        Outlet stderr = streams.stderr();
        if (stderr != null) {
            stderr.close();
        }
        streams.error().close();
    }

    private static void discard(@Nullable InputStream in) throws IOException {
        if (in != null) {
            in.close();
        }
    }

    /** What is run; returns its exit code, zero where it has none. */
    @FunctionalInterface
    public interface Command {
        int run(ProcessIo io) throws IOException, InterruptedException;
    }
}
