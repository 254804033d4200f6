package dev.burstlet.hyper;

import dev.burstlet.hyper.cri.Containers;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.RuntimeFacts;
import dev.burstlet.hyper.cri.Sandboxes;
import dev.burstlet.hyper.proto.cri.ContainerState;
import dev.burstlet.hyper.proto.cri.ContainerStatus;
import dev.burstlet.hyper.proto.cri.PodSandboxState;
import dev.burstlet.hyper.proto.cri.PodSandboxStatus;
import dev.burstlet.hyper.proto.cri.PortForwardRequest;
import dev.burstlet.hyper.stream.StreamingClient;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Connections into a sandbox. Where its containers share the host's kernel, the runtime dials
 * localhost in the sandbox's network namespace. A machine's loopback is not in that namespace:
 * there the pod's address is dialled, and where nothing listens on it, {@code nc} is run in a
 * container; an image without it cannot be reached on loopback.
 */
final class PortForwarder {
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int TABLE_BYTES = 1 << 20;

    /** The other end of what listens, in the kernel's table. */
    private static final String NOBODY = "00000000000000000000000000000000:0000 0A";

    private final CriConnection connection;
    private final Sandboxes sandboxes;
    private final Containers containers;
    private final Processes processes;
    private final Supplier<RuntimeFacts> facts;
    private final StreamingClient streaming;

    PortForwarder(
            CriConnection connection,
            Sandboxes sandboxes,
            Containers containers,
            Processes processes,
            Supplier<RuntimeFacts> facts) {
        this.connection = connection;
        this.sandboxes = sandboxes;
        this.containers = containers;
        this.processes = processes;
        this.facts = facts;
        this.streaming = new StreamingClient(connection.timeout());
    }

    void forward(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        PodSandboxStatus sandbox =
                sandboxes
                        .status(sandboxId)
                        .filter(status -> status.getState() == PodSandboxState.SANDBOX_READY)
                        .orElseThrow(() ->
                                new BackendException(Reason.NOT_FOUND, "no sandbox " + sandboxId));
        try {
            if (facts.get().isolated(sandbox.getRuntimeHandler())) {
                intoMachine(sandbox, port, in, out);
            } else {
                throughRuntime(sandboxId, port, in, out);
            }
        } catch (InterruptedIOException e) {
            throw new InterruptedException(e.getMessage());
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(e.getMessage());
            }
            throw e;
        }
    }

    private void throughRuntime(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException {
        String url =
                connection
                        .runtime(
                                "port-forward to " + sandboxId,
                                stub ->
                                        stub.portForward(
                                                PortForwardRequest.newBuilder()
                                                        .setPodSandboxId(sandboxId)
                                                        .addPort(port)
                                                        .build()))
                        .getUrl();
        streaming.port(url, port, in, out);
    }

    private void intoMachine(PodSandboxStatus sandbox, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        List<String> ips = Sandboxes.ips(sandbox);
        if (ips.isEmpty()) {
            throw new BackendException(
                    Reason.NOT_FOUND, "sandbox " + sandbox.getId() + " has no address");
        }
        Socket socket = new Socket();
        try (socket) {
            socket.connect(
                    new InetSocketAddress(ips.getFirst(), port),
                    (int) connection.timeout().toMillis());
            join(socket, in, out);
        } catch (ConnectException e) {
            overLoopback(sandbox.getId(), port, in, out);
        }
    }

    private static void join(Socket socket, InputStream in, OutputStream out) throws IOException {
        socket.setTcpNoDelay(true);
        Thread feeder =
                Thread.ofVirtual()
                        .name("port-forward")
                        .start(() -> {
                            try {
                                var _ = in.transferTo(socket.getOutputStream());
                                socket.shutdownOutput();
                            } catch (IOException ignored) {
                                // One of the ends is gone; the reader tells.
                            }
                        });
        try {
            byte[] buffer = new byte[BUFFER_BYTES];
            InputStream from = socket.getInputStream();
            int count;
            while ((count = from.read(buffer)) >= 0) {
                out.write(buffer, 0, count);
                out.flush();
            }
        } finally {
            feeder.interrupt();
        }
    }

    /** The one of the two on which something listens, as far as the kernel's table can be read. */
    private String loopback(String container, int port) throws InterruptedException {
        String entry = "00000000000000000000000001000000:%04X ".formatted(port);
        try {
            String table =
                    processes
                            .execSync(
                                    container,
                                    List.of("cat", "/proc/net/tcp6"),
                                    connection.timeout(),
                                    TABLE_BYTES)
                            .output();
            return table.lines().anyMatch(line -> line.contains(entry + NOBODY))
                    ? "::1"
                    : "127.0.0.1";
        } catch (BackendException e) {
            return "127.0.0.1";
        }
    }

    private void overLoopback(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        Optional<String> container =
                containers.ofSandbox(sandboxId).stream()
                        .map(containers::wire)
                        .flatMap(Optional::stream)
                        .filter(status -> status.getState() == ContainerState.CONTAINER_RUNNING)
                        .map(ContainerStatus::getId)
                        .findFirst();
        if (container.isEmpty()) {
            throw new IOException("connection refused: port " + port);
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int code =
                processes.exec(
                        container.get(),
                        List.of("nc", loopback(container.get(), port), Integer.toString(port)),
                        new Processes.Pipes(in, out, errors));
        if (code != 0) {
            throw new IOException(
                    "connection to port "
                            + port
                            + " failed: "
                            + errors.toString(StandardCharsets.UTF_8).strip());
        }
    }
}
