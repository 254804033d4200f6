package dev.burstlet.hyper;

import com.google.protobuf.ByteString;
import dev.burstlet.container.ExecResult;
import dev.burstlet.hyper.cri.Containers;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.CriErrors;
import dev.burstlet.hyper.proto.cri.AttachRequest;
import dev.burstlet.hyper.proto.cri.ContainerState;
import dev.burstlet.hyper.proto.cri.ContainerStatus;
import dev.burstlet.hyper.proto.cri.ExecRequest;
import dev.burstlet.hyper.proto.cri.ExecSyncRequest;
import dev.burstlet.hyper.proto.cri.ExecSyncResponse;
import dev.burstlet.hyper.stream.StreamingClient;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.ProcessIo;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands in containers, and their main processes' streams. */
final class Processes {
    private static final Duration BEYOND_TIMEOUT = Duration.ofSeconds(10);

    private final CriConnection connection;
    private final Containers containers;
    private final StreamingClient streaming;

    Processes(CriConnection connection, Containers containers) {
        this.connection = connection;
        this.containers = containers;
        this.streaming = new StreamingClient(connection.timeout());
    }

    int exec(String containerId, List<String> command, ProcessIo io)
            throws IOException, InterruptedException {
        requireRunning(containerId);
        String url =
                connection
                        .runtime(
                                "exec in " + containerId,
                                stub ->
                                        stub.exec(
                                                ExecRequest.newBuilder()
                                                        .setContainerId(containerId)
                                                        .addAllCmd(command)
                                                        .setTty(io.tty())
                                                        .setStdin(io.stdin() != null)
                                                        .setStdout(io.stdout() != null)
                                                        .setStderr(io.stderr() != null && !io.tty())
                                                        .build()))
                        .getUrl();
        return joined(() -> streaming.command(url, io));
    }

    void attach(String containerId, ProcessIo io) throws IOException, InterruptedException {
        requireRunning(containerId);
        String url =
                connection
                        .runtime(
                                "attach to " + containerId,
                                stub ->
                                        stub.attach(
                                                AttachRequest.newBuilder()
                                                        .setContainerId(containerId)
                                                        .setTty(io.tty())
                                                        .setStdin(io.stdin() != null)
                                                        .setStdout(io.stdout() != null)
                                                        .setStderr(io.stderr() != null && !io.tty())
                                                        .build()))
                        .getUrl();
        int ignored = joined(() -> streaming.command(url, io));
    }

    /** An interrupted thread's socket fails; that is the interruption, not a fault. */
    private static int joined(Call call) throws IOException, InterruptedException {
        try {
            return call.run();
        } catch (InterruptedIOException e) {
            throw new InterruptedException(e.getMessage());
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(e.getMessage());
            }
            throw e;
        }
    }

    /**
     * The CRI gives the two outputs apart, so that stdout comes first, then stderr; and it counts
     * seconds, so the time is rounded up.
     */
    ExecResult execSync(
            String containerId, List<String> command, Duration timeout, int outputLimitBytes)
            throws InterruptedException {
        requireRunning(containerId);
        String what = "exec in " + containerId;
        long seconds = Math.max(1, timeout.plusNanos(999_999_999).toSeconds());
        try {
            ExecSyncResponse response =
                    connection.runtime(
                            what,
                            timeout.plus(BEYOND_TIMEOUT),
                            stub ->
                                    stub.execSync(
                                            ExecSyncRequest.newBuilder()
                                                    .setContainerId(containerId)
                                                    .addAllCmd(command)
                                                    .setTimeout(seconds)
                                                    .build()));
            ByteString output = response.getStdout().concat(response.getStderr());
            return new ExecResult(response.getExitCode(), cut(output, outputLimitBytes));
        } catch (BackendException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(e.getMessage());
            }
            throw CriErrors.bare(e, what);
        }
    }

    /** Leaves out a character that the limit cuts through. */
    private static String cut(ByteString output, int limit) {
        ByteBuffer bytes =
                output.substring(0, Math.min(limit, output.size())).asReadOnlyByteBuffer();
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE);
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        var _ = decoder.decode(bytes, text, output.size() <= limit);
        return text.flip().toString();
    }

    private void requireRunning(String containerId) {
        ContainerStatus status =
                containers
                        .wire(containerId)
                        .orElseThrow(() ->
                                new BackendException(
                                        Reason.NOT_FOUND, "no container " + containerId));
        if (status.getState() != ContainerState.CONTAINER_RUNNING) {
            throw new BackendException(
                    Reason.CONFLICT, "container " + containerId + " is not running");
        }
    }

    private interface Call {
        int run() throws IOException, InterruptedException;
    }

    /** A process without a terminal. */
    record Pipes(
            java.io.@Nullable InputStream stdin,
            java.io.@Nullable OutputStream stdout,
            java.io.@Nullable OutputStream stderr)
            implements ProcessIo {
        @Override
        public boolean tty() {
            return false;
        }

        @Override
        public @Nullable TerminalSize nextSize() {
            return null;
        }
    }
}
