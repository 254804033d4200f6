package dev.burstlet.serve;

import dev.burstlet.serve.auth.Access;
import dev.burstlet.serve.auth.Authenticator;
import dev.burstlet.serve.auth.Authorizer;
import dev.burstlet.serve.auth.CertificateAuthenticator;
import dev.burstlet.serve.auth.ClientAuthorities;
import dev.burstlet.serve.auth.Credentials;
import dev.burstlet.serve.auth.Identity;
import dev.burstlet.serve.http.HttpLimits;
import dev.burstlet.serve.metrics.ProbeCounts;
import dev.burstlet.serve.stream.StreamLimits;
import dev.burstlet.serve.tls.NodeNames;
import dev.burstlet.serve.tls.SelfSignedCertificate;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server on loopback in front of {@link EchoPods}, and clients of it. */
final class ServerFixture implements AutoCloseable {
    static final String ADMIN = "admin-token";
    static final String READER = "reader-token";
    static final String METRICS = "metrics-token";
    static final String NOBODY = "nobody-token";

    final EchoPods pods = new EchoPods();
    final CertificateMaker authority = new CertificateMaker("the authority");
    final KubeletServer server;
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServerLoops loops = new ServerLoops(2);

    ServerFixture() throws IOException {
        this(HttpLimits.DEFAULT, StreamLimits.DEFAULT);
    }

    ServerFixture(HttpLimits http, StreamLimits streams) throws IOException {
        server = start(http, streams, authorities(), ServerFixture::tokens, ServerFixture::allows);
    }

    /** Who asks and what is allowed are others' to say; this authority is nobody to them. */
    ServerFixture(ClientAuthorities authorities, Authenticator tokens, Authorizer authorizer)
            throws IOException {
        server = start(HttpLimits.DEFAULT, StreamLimits.DEFAULT, authorities, tokens, authorizer);
    }

    private ClientAuthorities authorities() {
        return () -> List.of(authority.certificate());
    }

    private KubeletServer start(
            HttpLimits http,
            StreamLimits streams,
            ClientAuthorities authorities,
            Authenticator tokens,
            Authorizer authorizer)
            throws IOException {
        InstantSource clock = InstantSource.system();
        NodeServices services =
                new NodeServices(
                        pods,
                        pods,
                        new CertificateAuthenticator(authorities, clock).or(tokens),
                        authorizer,
                        authorities,
                        new SelfSignedCertificate(
                                new NodeNames("n1", List.of("127.0.0.1"), List.of("localhost")),
                                clock),
                        meters,
                        meters::scrape,
                        () ->
                                List.of(
                                        new ProbeCounts.Count(
                                                "default",
                                                "web",
                                                "11-22-33",
                                                "main",
                                                "Liveness",
                                                "successful",
                                                4)),
                        () -> Map.of("podPidsLimit", -1),
                        new Component("v1.36.3", Map.of("node", "n1"), clock.instant()),
                        Optional::empty,
                        clock);
        return KubeletServer.start(
                new ServeSettings(
                        "n1",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        http,
                        streams),
                services,
                loops);
    }

    static StreamLimits streams(Duration idle, Duration creation) {
        return new StreamLimits(idle, creation, Duration.ofSeconds(5));
    }

    /** A raw client without a certificate. */
    WireClient connect() throws IOException {
        return new WireClient(socket(null));
    }

    /** A raw client with a certificate. */
    WireClient connect(CertificateMaker.@Nullable Issued client) throws IOException {
        return new WireClient(socket(client));
    }

    SSLSocket socket(CertificateMaker.@Nullable Issued client) throws IOException {
        return (SSLSocket)
                CertificateMaker.clientContext(client)
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), server.port());
    }

    private static Optional<Identity> tokens(Credentials credentials) {
        String token = credentials.bearerToken();
        return token == null || !token.endsWith("-token")
                ? Optional.empty()
                : Optional.of(
                        new Identity(
                                token.substring(0, token.length() - "-token".length()),
                                "",
                                List.of(),
                                Map.of()));
    }

    /** The rights of the names: admin all, reader all that is read, metrics its subresource. */
    private static boolean allows(Identity identity, Access access) {
        return switch (identity.name()) {
            case "admin" -> true;
            case "reader" -> access.verb().equals("get");
            case "metrics" -> access.verb().equals("get") && access.subresource().equals("metrics");
            default -> false;
        };
    }

    @Override
    public void close() {
        server.close();
        loops.close();
    }
}
