package dev.burstlet.hyper;

import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.RuntimeFacts;
import dev.burstlet.hyper.cri.Sandboxes;
import dev.burstlet.hyper.proto.cri.PodSandboxState;
import dev.burstlet.hyper.proto.cri.PodSandboxStatus;
import dev.burstlet.hyper.proto.cri.PortForwardRequest;
import dev.burstlet.hyper.stream.StreamingClient;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Connections into a sandbox. Where its containers share the host's kernel, the runtime dials
 * localhost in the sandbox's network namespace. A machine's loopback is not in that namespace:
 * there the pod's address is dialled, and where nothing listens on it, a relay in the sandbox.
 */
final class PortForwarder {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final CriConnection connection;
    private final Sandboxes sandboxes;
    private final LoopbackRelay relay;
    private final Supplier<RuntimeFacts> facts;
    private final StreamingClient streaming;

    PortForwarder(
            CriConnection connection,
            Sandboxes sandboxes,
            LoopbackRelay relay,
            Supplier<RuntimeFacts> facts) {
        this.connection = connection;
        this.sandboxes = sandboxes;
        this.relay = relay;
        this.facts = facts;
        this.streaming = new StreamingClient(connection.timeout());
    }

    void forward(String sandboxId, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        PodSandboxStatus sandbox = ready(sandboxId);
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

    /** Pods' addresses are always routed from a runtime's host. */
    boolean dial(String sandboxId, int port, Duration timeout) throws IOException {
        PodSandboxStatus sandbox = ready(sandboxId);
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address(sandbox), port),
                    (int) Math.max(1, timeout.toMillis()));
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (SocketTimeoutException e) {
            throw new BackendException(Reason.TIMEOUT, "port " + port + ": no answer", e);
        }
    }

    private PodSandboxStatus ready(String sandboxId) {
        return sandboxes
                .status(sandboxId)
                .filter(status -> status.getState() == PodSandboxState.SANDBOX_READY)
                .orElseThrow(
                        () -> new BackendException(Reason.NOT_FOUND, "no sandbox " + sandboxId));
    }

    private static String address(PodSandboxStatus sandbox) {
        List<String> ips = Sandboxes.ips(sandbox);
        if (ips.isEmpty()) {
            throw new BackendException(
                    Reason.NOT_FOUND, "sandbox " + sandbox.getId() + " has no address");
        }
        return ips.getFirst();
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
        try (Socket socket = dialled(sandbox, address(sandbox), port)) {
            join(socket, in, out);
        }
    }

    private Socket dialled(PodSandboxStatus sandbox, String address, int port)
            throws IOException, InterruptedException {
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(address, port), (int) connection.timeout().toMillis());
            return socket;
        } catch (ConnectException e) {
            socket.close();
            return relay.dial(sandbox, address, port);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A sandbox is gone. */
    void forget(String sandboxId) {
        relay.forget(sandboxId);
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
}
