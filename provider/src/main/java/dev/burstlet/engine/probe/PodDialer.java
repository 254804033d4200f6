package dev.burstlet.engine.probe;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.pod.BackendException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import javax.net.SocketFactory;

/**
 * Opens TCP connections into a pod: directly where the pod network is routed from here, otherwise
 * relayed through the pod's sandbox by the engine's port-forward. An address other than the pod's
 * own is always dialled directly.
 */
final class PodDialer {
    private final ContainerEngine engine;
    private final BooleanSupplier routed;

    PodDialer(ContainerEngine engine, BooleanSupplier routed) {
        this.engine = engine;
        this.routed = routed;
    }

    /** Sockets that connect into the pod. */
    SocketFactory sockets(ProbeTarget target) {
        return new PodSocketFactory(
                routed.getAsBoolean() ? Socket::new : () -> new RelayedSocket(engine, target));
    }

    /**
     * Connects and lets go again.
     *
     * @throws IOException where nothing listens
     */
    void connect(ProbeTarget target, String host, int port, Duration timeout)
            throws IOException, InterruptedException {
        if (routed.getAsBoolean() || !host.equals(target.podIp())) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(host, port), (int) Math.max(1, timeout.toMillis()));
            }
            return;
        }
        if (!dial(target, port, timeout)) {
            throw new ConnectException("Connection refused");
        }
    }

    private boolean dial(ProbeTarget target, int port, Duration timeout)
            throws IOException, InterruptedException {
        try {
            return engine.dial(target.sandboxId(), port, timeout);
        } catch (BackendException e) {
            throw e.reason() == BackendException.Reason.TIMEOUT
                    ? new SocketTimeoutException("Connect timed out")
                    : new IOException(e.getMessage(), e);
        }
    }

    /** A socket that, told to connect to the pod, connects to a relay to it. */
    private static final class RelayedSocket extends Socket {
        private final ContainerEngine engine;
        private final ProbeTarget target;

        RelayedSocket(ContainerEngine engine, ProbeTarget target) {
            this.engine = engine;
            this.target = target;
        }

        @Override
        public void connect(java.net.SocketAddress endpoint, int timeoutMillis) throws IOException {
            if (!(endpoint instanceof InetSocketAddress inet)
                    || !inet.getAddress().getHostAddress().equals(target.podIp())) {
                super.connect(endpoint, timeoutMillis);
                return;
            }
            try (var listener = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                super.connect(listener.getLocalSocketAddress(), timeoutMillis);
                Socket far = listener.accept();
                Thread.ofVirtual().name("probe-relay").start(() -> relay(inet.getPort(), far));
            }
        }

        private void relay(int port, Socket far) {
            try (far) {
                engine.portForward(
                        target.sandboxId(), port, far.getInputStream(), far.getOutputStream());
            } catch (IOException | BackendException e) {
                // The near end sees the connection close, which is all that a probe needs to know.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
