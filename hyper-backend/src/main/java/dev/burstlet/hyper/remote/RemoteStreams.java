package dev.burstlet.hyper.remote;

import com.google.protobuf.ByteString;
import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.hyper.wire.Bundles;
import dev.burstlet.hyper.wire.Failures;
import dev.burstlet.hyper.wire.Reports;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodStreams;
import dev.burstlet.pod.ProcessIo;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Logs, processes and connections through an agent; nothing is buffered beyond the call's window.
 */
final class RemoteStreams implements PodStreams {
    private final AgentChannel channel;
    private final AgentLink link;

    RemoteStreams(AgentChannel channel, AgentLink link) {
        this.channel = channel;
        this.link = link;
    }

    @Override
    public void logs(PodKey key, String container, LogRequest request, OutputStream out)
            throws IOException, InterruptedException {
        V1.LogsRequest.Builder asked =
                V1.LogsRequest.newBuilder()
                        .setSession(link.session())
                        .setKey(Bundles.key(key))
                        .setContainer(container)
                        .setFollow(request.follow())
                        .setPrevious(request.previous())
                        .setTimestamps(request.timestamps())
                        .setSource(
                                switch (request.source()) {
                                    case ALL -> V1.LogSource.ALL;
                                    case STDOUT -> V1.LogSource.STDOUT;
                                    case STDERR -> V1.LogSource.STDERR;
                                });
        @Nullable Long tail = request.tailLines();
        if (tail != null) {
            asked.setTailLines(tail);
        }
        @Nullable Instant since = request.since();
        if (since != null) {
            asked.setSince(Reports.time(since));
        }
        @Nullable Long limit = request.limitBytes();
        if (limit != null) {
            asked.setLimitBytes(limit);
        }
        link.awaitOpen();
        var call = channel.streams().logs(asked.build());
        ended(
                call,
                () -> {
                    V1.LogChunk next;
                    while ((next = call.read()) != null) {
                        next.getData().writeTo(out);
                        out.flush();
                    }
                    return 0;
                });
    }

    @Override
    public int exec(PodKey key, String container, List<String> command, ProcessIo io)
            throws IOException, InterruptedException {
        link.awaitOpen();
        V1.ProcessStart start = start(key, container, io).addAllCommand(command).build();
        return process(channel.streams().exec(), start, io);
    }

    @Override
    public void attach(PodKey key, String container, ProcessIo io)
            throws IOException, InterruptedException {
        link.awaitOpen();
        var _ = process(channel.streams().attach(), start(key, container, io).build(), io);
    }

    private V1.ProcessStart.Builder start(PodKey key, String container, ProcessIo io) {
        return V1.ProcessStart.newBuilder()
                .setSession(link.session())
                .setKey(Bundles.key(key))
                .setContainer(container)
                .setTty(io.tty())
                .setStdin(io.stdin() != null)
                .setStdout(io.stdout() != null)
                .setStderr(io.stderr() != null);
    }

    private static int process(
            BlockingClientCall<V1.ProcessInput, V1.ProcessOutput> call,
            V1.ProcessStart start,
            ProcessIo io)
            throws IOException, InterruptedException {
        return ended(
                call,
                () -> {
                    InputSide input = new InputSide(call, start, io);
                    try (input) {
                        V1.ProcessOutput next;
                        while ((next = call.read()) != null) {
                            switch (next.getOutputCase()) {
                                case STDOUT -> write(next.getStdout(), io.stdout());
                                case STDERR -> write(next.getStderr(), io.stderr());
                                case EXIT_CODE -> {
                                    return next.getExitCode();
                                }
                                case OUTPUT_NOT_SET -> {
                                    // A later agent's; nothing that we know.
                                }
                            }
                        }
                        throw new IOException("the agent ended the call without an exit code");
                    }
                });
    }

    private static void write(ByteString bytes, @Nullable OutputStream out) throws IOException {
        if (out != null) {
            bytes.writeTo(out);
            out.flush();
        }
    }

    @Override
    public void portForward(PodKey key, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        link.awaitOpen();
        var call = channel.streams().portForward();
        var _ =
                ended(
                        call,
                        () -> {
                            var _ =
                                    call.write(
                                            V1.PortInput.newBuilder()
                                                    .setStart(
                                                            V1.PortStart.newBuilder()
                                                                    .setSession(link.session())
                                                                    .setKey(Bundles.key(key))
                                                                    .setPort(port))
                                                    .build());
                            Thread feeder =
                                    InputSide.pump(
                                            "agent-port",
                                            in,
                                            bytes ->
                                                    call.write(
                                                            V1.PortInput.newBuilder()
                                                                    .setData(bytes)
                                                                    .build()),
                                            call::halfClose);
                            try {
                                V1.PortOutput next;
                                while ((next = call.read()) != null) {
                                    if (next.hasData()) {
                                        write(next.getData(), out);
                                    } else {
                                        out.close();
                                    }
                                }
                                return 0;
                            } finally {
                                feeder.interrupt();
                            }
                        });
    }

    @FunctionalInterface
    private interface Reading {
        int read() throws StatusException, IOException, InterruptedException;
    }

    /** Reads to the end, and frees the call on the host whatever comes. */
    private static int ended(BlockingClientCall<?, ?> call, Reading reading)
            throws IOException, InterruptedException {
        try {
            return reading.read();
        } catch (StatusException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the call was interrupted");
            }
            if (e.getStatus().getCode() == Status.Code.UNKNOWN) {
                throw new IOException(e.getStatus().getDescription(), e);
            }
            throw Failures.read("call", e);
        } finally {
            call.cancel("the caller is done", null);
        }
    }
}
