package dev.burstlet.docker.wire;

import dev.burstlet.container.EngineSettings;
import dev.burstlet.docker.client.PemTls;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one Docker Engine, one for each stream, over its unix socket, TLS or plain
 * TCP. The certificates are read again when their files change. Safe for use by many threads.
 */
public final class EngineDialer {
    private static final int DEFAULT_TLS_PORT = 2376;
    private static final int DEFAULT_PORT = 2375;

    private final EngineSettings settings;
    private final URI endpoint;
    private final @Nullable SSLContext tlsContext;

    public EngineDialer(EngineSettings settings) {
        this.settings = settings;
        this.endpoint = URI.create(settings.endpoint());
        this.tlsContext = settings.tls() == null ? null : PemTls.context(settings.tls());
        switch (endpoint.getScheme()) {
            case "unix" -> {}
            case "tcp", "http", "https" -> {
                if (settings.tls() == null && !settings.insecure()) {
                    throw new IllegalArgumentException(
                            "endpoint: " + settings.endpoint() + " without tls needs insecure");
                }
            }
            case null, default ->
                    throw new IllegalArgumentException(
                            "endpoint: unix:// or tcp:// expected, not " + settings.endpoint());
        }
    }

    /** The deadline of an ordinary call. */
    public Duration callTimeout() {
        return settings.callTimeout();
    }

    /**
     * A new connection.
     *
     * @throws BackendException UNAVAILABLE where the engine does not answer
     */
    public EngineConnection open() throws InterruptedException {
        try {
            return endpoint.getScheme().equals("unix") ? openUnix() : openTcp();
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new BackendException(
                    Reason.UNAVAILABLE,
                    "cannot connect to " + settings.name() + ": " + e.getMessage(),
                    e);
        }
    }

    @SuppressWarnings("MustBeClosed") // the connection owns it
    private EngineConnection openUnix() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(endpoint.getPath()));
            return EngineConnection.of(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private EngineConnection openTcp() throws IOException {
        SSLContext tls = tlsContext;
        int port = endpoint.getPort();
        if (port < 0) {
            port = tls == null ? DEFAULT_PORT : DEFAULT_TLS_PORT;
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            int timeout = Math.toIntExact(settings.callTimeout().toMillis());
            channel.socket().connect(new InetSocketAddress(endpoint.getHost(), port), timeout);
            return tls == null
                    ? EngineConnection.of(channel)
                    : EngineConnection.of(channel, secure(channel, tls, port));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private SSLSocket secure(SocketChannel channel, SSLContext tls, int port) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        tls.getSocketFactory()
                                .createSocket(channel.socket(), endpoint.getHost(), port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(Math.toIntExact(settings.callTimeout().toMillis()));
        socket.startHandshake();
        socket.setSoTimeout(0);
        return socket;
    }
}
