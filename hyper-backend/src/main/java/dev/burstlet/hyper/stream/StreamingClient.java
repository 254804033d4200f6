package dev.burstlet.hyper.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.ProcessIo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Exec, attach and port-forward at a streaming URL of the CRI (protocols v4.channel.k8s.io and
 * portforward.k8s.io over SPDY/3.1). SPDY and not WebSocket: only it can pass on the end of stdin
 * in that version.
 */
public final class StreamingClient {
    private static final String REMOTE_COMMAND = "v4.channel.k8s.io";
    private static final String PORT_FORWARD = "portforward.k8s.io";

    /** What every runtime puts before why a command could not be started. */
    private static final String EXEC_FAILED =
            "Internal error occurred: error executing command in container: ";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Duration connectTimeout;

    public StreamingClient(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    /**
     * Joins the streams and returns the exit code when all output has come.
     *
     * @throws BackendException CANNOT_RUN where the command could not be started
     */
    public int command(String url, ProcessIo io) throws IOException, InterruptedException {
        ByteArrayOutputStream status = new ByteArrayOutputStream();
        try (SpdyConnection connection = Upgrade.open(url, REMOTE_COMMAND, connectTimeout)) {
            SpdyStream error = open(connection, "error", status);
            @Nullable InputStream stdin = io.stdin();
            @Nullable SpdyStream input =
                    stdin == null
                            ? null
                            : open(connection, "stdin", OutputStream.nullOutputStream());
            @Nullable OutputStream stdout = io.stdout();
            @Nullable SpdyStream output =
                    stdout == null ? null : open(connection, "stdout", stdout);
            @Nullable OutputStream stderr = io.stderr();
            @Nullable SpdyStream errors =
                    stderr == null || io.tty() ? null : open(connection, "stderr", stderr);
            @Nullable SpdyStream resize =
                    io.tty() ? open(connection, "resize", OutputStream.nullOutputStream()) : null;
            @Nullable Thread feeder = feed(input, stdin);
            @Nullable Thread sizer = resize == null ? null : resize(resize, io);
            try {
                read(connection, error, output, errors);
            } finally {
                interrupt(feeder);
                interrupt(sizer);
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return exitCode(status.toByteArray());
    }

    /** Joins one connection to a port. */
    public void port(String url, int port, InputStream in, OutputStream out) throws IOException {
        ByteArrayOutputStream failure = new ByteArrayOutputStream();
        try (SpdyConnection connection = Upgrade.open(url, PORT_FORWARD, connectTimeout)) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("streamtype", "error");
            headers.put("port", Integer.toString(port));
            headers.put("requestid", "0");
            SpdyStream error = connection.open(headers, new Copy(failure));
            error.finish();
            headers.put("streamtype", "data");
            SpdyStream data = connection.open(headers, new Copy(out));
            @Nullable Thread feeder = feed(data, in);
            try {
                read(connection, data, error, null);
            } finally {
                interrupt(feeder);
            }
        }
        if (failure.size() > 0) {
            throw new IOException(failure.toString(StandardCharsets.UTF_8));
        }
    }

    /** Interruption closes the socket, which ends the read. */
    private static void read(
            SpdyConnection connection,
            SpdyStream first,
            @Nullable SpdyStream second,
            @Nullable SpdyStream third)
            throws IOException {
        connection.readUntilEnded(
                first, second == null ? first : second, third == null ? first : third);
    }

    private static SpdyStream open(SpdyConnection connection, String type, OutputStream to)
            throws IOException {
        return connection.open(Map.of("streamtype", type), new Copy(to));
    }

    private static @Nullable Thread feed(@Nullable SpdyStream stream, @Nullable InputStream from) {
        if (stream == null || from == null) {
            return null;
        }
        return Thread.ofVirtual()
                .name("stdin")
                .start(() -> {
                    try {
                        stream.sendAll(from);
                    } catch (IOException ignored) {
                        // The process or the caller is gone; the reader tells which.
                    }
                });
    }

    private static Thread resize(SpdyStream stream, ProcessIo io) {
        return Thread.ofVirtual()
                .name("resize")
                .start(() -> {
                    try {
                        ProcessIo.@Nullable TerminalSize size;
                        while ((size = io.nextSize()) != null) {
                            stream.send(
                                    ("{\"Width\":"
                                                    + size.width()
                                                    + ",\"Height\":"
                                                    + size.height()
                                                    + "}\n")
                                            .getBytes(StandardCharsets.UTF_8));
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException ignored) {
                        // The process is gone; the reader tells.
                    }
                });
    }

    private static void interrupt(@Nullable Thread thread) {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** From the metav1.Status on the error stream; nothing there is a clean end. */
    static int exitCode(byte[] status) {
        if (status.length == 0) {
            return 0;
        }
        try {
            JsonNode tree = JSON.readTree(SpdyConnection.text(status));
            if ("Success".equals(tree.path("status").asText())) {
                return 0;
            }
            for (JsonNode cause : tree.path("details").path("causes")) {
                if ("ExitCode".equals(cause.path("reason").asText())) {
                    return Integer.parseInt(cause.path("message").asText());
                }
            }
            String message = tree.path("message").asText();
            throw new BackendException(
                    Reason.CANNOT_RUN,
                    message.startsWith(EXEC_FAILED)
                            ? message.substring(EXEC_FAILED.length())
                            : message);
        } catch (JsonProcessingException | NumberFormatException e) {
            throw new BackendException(Reason.ENGINE, SpdyConnection.text(status), e);
        }
    }

    /** Writes and flushes: the other end may be a terminal. */
    private record Copy(OutputStream to) implements SpdyStream.Sink {
        @Override
        public void data(byte[] bytes) throws IOException {
            to.write(bytes);
            to.flush();
        }
    }
}
