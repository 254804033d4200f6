package dev.burstlet.docker.client;

import dev.burstlet.container.EngineSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Where an engine listens: a unix socket, or a TCP port with or without TLS. */
public sealed interface Endpoint {
    /** As docker-java writes it. */
    URI uri();

    /** A socket of this machine. */
    record Unix(Path socket) implements Endpoint {
        @Override
        public URI uri() {
            return URI.create("unix://" + socket);
        }
    }

    /** A port of some machine; without TLS only where it was said to be wanted. */
    record Tcp(String host, int port, @Nullable SSLContext tls) implements Endpoint {
        @Override
        public URI uri() {
            return URI.create("tcp://" + host + ":" + port);
        }
    }

    /**
     * The endpoint that settings describe.
     *
     * @throws IllegalArgumentException for settings that cannot be right, naming the key
     */
    static Endpoint of(EngineSettings settings) {
        URI uri = parse(settings.endpoint());
        return switch (uri.getScheme()) {
            case "unix" -> unix(settings, uri);
            case "tcp" -> tcp(settings, uri);
            case null, default ->
                    throw new IllegalArgumentException(
                            "endpoint: "
                                    + settings.endpoint()
                                    + " is neither unix:///PATH nor tcp://HOST:PORT");
        };
    }

    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("endpoint: " + e.getMessage(), e);
        }
    }

    private static Endpoint unix(EngineSettings settings, URI uri) {
        @Nullable String path = uri.getPath();
        if (path == null || path.length() < 2 || uri.getAuthority() != null) {
            throw new IllegalArgumentException(
                    "endpoint: " + settings.endpoint() + " names no socket: unix:///PATH is right");
        }
        if (settings.tls() != null) {
            throw new IllegalArgumentException("tls: not for a unix socket");
        }
        return new Unix(Path.of(path));
    }

    private static Endpoint tcp(EngineSettings settings, URI uri) {
        @Nullable String host = uri.getHost();
        if (host == null) {
            throw new IllegalArgumentException(
                    "endpoint: "
                            + settings.endpoint()
                            + " names no host: tcp://HOST:PORT is right");
        }
        EngineSettings.@Nullable Tls tls = settings.tls();
        if (tls == null && !settings.insecure()) {
            throw new IllegalArgumentException(
                    "tls: missing for "
                            + settings.endpoint()
                            + "; whoever reaches a Docker port without TLS is root on that host"
                            + " (insecure: true allows it)");
        }
        if (tls != null) {
            readable("tls.ca", tls.ca());
            readable("tls.certificate", tls.certificate());
            readable("tls.key", tls.key());
        }
        int port = uri.getPort() > 0 ? uri.getPort() : tls == null ? 2375 : 2376;
        return new Tcp(host, port, tls == null ? null : PemTls.context(tls));
    }

    private static void readable(String key, Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException(key + ": " + file + " cannot be read");
        }
    }
}
