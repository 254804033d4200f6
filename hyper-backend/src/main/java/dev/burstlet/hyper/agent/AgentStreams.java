package dev.burstlet.hyper.agent;

import com.google.protobuf.ByteString;
import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.hyper.wire.Bundles;
import dev.burstlet.hyper.wire.Reports;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.PodStreams;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The calls that carry bytes: logs, processes, connections. */
final class AgentStreams {
    private static final int CHUNK_BYTES = 64 * 1024;

    private AgentStreams() {}

    static void logs(PodStreams streams, V1.LogsRequest request, Duplex<?, V1.LogChunk> call)
            throws IOException, InterruptedException {
        LogRequest asked =
                new LogRequest(
                        request.getFollow(),
                        request.getPrevious(),
                        request.getTimestamps(),
                        request.hasTailLines() ? request.getTailLines() : null,
                        request.hasSince() ? Reports.time(request.getSince()) : null,
                        request.hasLimitBytes() ? request.getLimitBytes() : null,
                        switch (request.getSource()) {
                            case ALL -> LogRequest.Source.ALL;
                            case STDOUT -> LogRequest.Source.STDOUT;
                            case STDERR -> LogRequest.Source.STDERR;
                            case UNRECOGNIZED ->
                                    throw new IllegalArgumentException("source: not known");
                        });
        OutputStream out =
                new Sent(bytes -> call.send(V1.LogChunk.newBuilder().setData(bytes).build()));
        streams.logs(Bundles.key(request.getKey()), request.getContainer(), asked, out);
    }

    static void exec(
            Duplex<V1.ProcessInput, V1.ProcessOutput> call,
            Function<V1.Session, PodStreams> streams)
            throws IOException, InterruptedException {
        V1.ProcessStart start = start(call.take());
        PodStreams of = streams.apply(start.getSession());
        try (RemoteIo io = new RemoteIo(call, start)) {
            int code =
                    of.exec(
                            Bundles.key(start.getKey()),
                            start.getContainer(),
                            start.getCommandList(),
                            io);
            call.send(V1.ProcessOutput.newBuilder().setExitCode(code).build());
        }
    }

    static void attach(
            Duplex<V1.ProcessInput, V1.ProcessOutput> call,
            Function<V1.Session, PodStreams> streams)
            throws IOException, InterruptedException {
        V1.ProcessStart start = start(call.take());
        PodStreams of = streams.apply(start.getSession());
        try (RemoteIo io = new RemoteIo(call, start)) {
            of.attach(Bundles.key(start.getKey()), start.getContainer(), io);
            call.send(V1.ProcessOutput.newBuilder().setExitCode(0).build());
        }
    }

    private static V1.ProcessStart start(V1.@Nullable ProcessInput first) {
        if (first == null || !first.hasStart()) {
            throw new IllegalArgumentException("the first message has to be start");
        }
        return first.getStart();
    }

    static void forward(
            Duplex<V1.PortInput, V1.PortOutput> call, Function<V1.Session, PodStreams> streams)
            throws IOException, InterruptedException {
        V1.PortInput first = call.take();
        if (first == null || !first.hasStart()) {
            throw new IllegalArgumentException("the first message has to be start");
        }
        V1.PortStart start = first.getStart();
        PodStreams of = streams.apply(start.getSession());
        Pulled in =
                new Pulled(() -> {
                    V1.PortInput next = call.take();
                    return next == null ? null : next.getData();
                });
        OutputStream out =
                new Sent(bytes -> call.send(V1.PortOutput.newBuilder().setData(bytes).build())) {
                    private boolean closed;

                    @Override
                    public synchronized void close() throws IOException {
                        if (!closed) {
                            closed = true;
                            passed(() ->
                                    call.send(
                                            V1.PortOutput.newBuilder()
                                                    .setEnd(V1.PortEnd.getDefaultInstance())
                                                    .build()));
                        }
                    }
                };
        of.portForward(Bundles.key(start.getKey()), start.getPort(), in, out);
        out.close();
    }

    /** Sends bytes. */
    interface Sending {
        void send(ByteString bytes) throws InterruptedException;
    }

    /** An output whose bytes are sent as they come. */
    static class Sent extends OutputStream {
        private final Sending sending;

        Sent(Sending sending) {
            this.sending = sending;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int at = 0; at < length; at += CHUNK_BYTES) {
                ByteString chunk =
                        ByteString.copyFrom(bytes, offset + at, Math.min(CHUNK_BYTES, length - at));
                passed(() -> sending.send(chunk));
            }
        }

        static void passed(Passing work) throws IOException {
            try {
                work.pass();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                InterruptedIOException interrupted = new InterruptedIOException(e.getMessage());
                interrupted.initCause(e);
                throw interrupted;
            }
        }
    }

    /** What may be interrupted. */
    interface Passing {
        void pass() throws InterruptedException;
    }
}
