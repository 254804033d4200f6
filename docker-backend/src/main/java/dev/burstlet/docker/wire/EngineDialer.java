package dev.burstlet.docker.wire;

import com.github.dockerjava.core.util.CertificateUtils;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
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
    private volatile @Nullable LoadedTls loaded;

    private record LoadedTls(List<FileTime> times, SSLContext context) {}

    public EngineDialer(EngineSettings settings) {
        this.settings = settings;
        this.endpoint = URI.create(settings.endpoint());
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
        EngineSettings.@Nullable Tls tls = settings.tls();
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

    private SSLSocket secure(SocketChannel channel, EngineSettings.Tls tls, int port)
            throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        context(tls)
                                .getSocketFactory()
                                .createSocket(channel.socket(), endpoint.getHost(), port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(Math.toIntExact(settings.callTimeout().toMillis()));
        socket.startHandshake();
        socket.setSoTimeout(0);
        return socket;
    }

    private SSLContext context(EngineSettings.Tls tls) throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Path file : List.of(tls.ca(), tls.certificate(), tls.key())) {
            times.add(Files.getLastModifiedTime(file));
        }
        LoadedTls current = loaded;
        if (current == null || !current.times().equals(times)) {
            current = new LoadedTls(List.copyOf(times), load(tls));
            loaded = current;
        }
        return current.context();
    }

    private static SSLContext load(EngineSettings.Tls tls) throws IOException {
        try {
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(
                    CertificateUtils.createKeyStore(
                            Files.readString(tls.key()), Files.readString(tls.certificate())),
                    "docker".toCharArray());
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(CertificateUtils.createTrustStore(Files.readString(tls.ca())));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("tls: " + e.getMessage(), e);
        }
    }
}
