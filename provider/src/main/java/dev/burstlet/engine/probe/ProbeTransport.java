package dev.burstlet.engine.probe;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ExecResult;
import dev.burstlet.pod.BackendException;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;

/**
 * Does one probe, by exec, HTTP, TCP or gRPC. Safe for use by many threads; keeps no connection.
 */
public final class ProbeTransport {
    private static final String ACCEPT_ENCODING = "Accept-Encoding";
    private static final int EXEC_OUTPUT_LIMIT = 10 * 1024;

    private final ContainerEngine engine;
    private final PodDialer dialer;
    private final HttpProbe http;
    private final HttpProbe lifecycle;
    private final GrpcProbe grpc;

    /**
     * @param podNetworkRouted asked before each probe: whether pods' addresses can be dialled from
     *     this process
     */
    public ProbeTransport(ContainerEngine engine, BooleanSupplier podNetworkRouted) {
        this.engine = engine;
        this.dialer = new PodDialer(engine, podNetworkRouted);
        OkHttpClient base =
                new OkHttpClient.Builder()
                        .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .retryOnConnectionFailure(false)
                        .proxy(java.net.Proxy.NO_PROXY)
                        .sslSocketFactory(TrustEverything.socketFactory(), TrustEverything.INSTANCE)
                        .hostnameVerifier((_, _) -> true)
                        .build();
        this.http = new HttpProbe(dialer, uncompressed(base), "kube-probe/1.36");
        this.lifecycle = new HttpProbe(dialer, base, "kube-lifecycle/1.36");
        this.grpc = new GrpcProbe(dialer, base);
    }

    /** Does the probe once. */
    public ProbeResult probe(Probe probe, ProbeTarget target) throws InterruptedException {
        Duration timeout =
                Duration.ofSeconds(
                        probe.getTimeoutSeconds() == null
                                ? 1
                                : Math.max(1, probe.getTimeoutSeconds()));
        if (probe.getExec() != null) {
            return exec(probe.getExec().getCommand(), target, timeout);
        }
        if (probe.getHttpGet() != null) {
            return http.probe(probe.getHttpGet(), target, timeout);
        }
        if (probe.getTcpSocket() != null) {
            return tcp(probe.getTcpSocket(), target, timeout);
        }
        if (probe.getGrpc() != null) {
            return grpc.probe(probe.getGrpc(), target, timeout);
        }
        return new ProbeResult.Errored("missing probe handler for " + target.spec().getName());
    }

    /** One HTTP GET of a hook. */
    public ProbeResult hook(HTTPGetAction action, ProbeTarget target, Duration timeout) {
        return lifecycle.probe(action, target, timeout);
    }

    /** Asks for no compression that the probe itself does not ask for. */
    private static OkHttpClient uncompressed(OkHttpClient client) {
        return client.newBuilder()
                .addNetworkInterceptor(chain -> {
                    boolean own = chain.call().request().header(ACCEPT_ENCODING) != null;
                    return chain.proceed(
                            own
                                    ? chain.request()
                                    : chain.request()
                                            .newBuilder()
                                            .removeHeader(ACCEPT_ENCODING)
                                            .build());
                })
                .build();
    }

    private ProbeResult tcp(TCPSocketAction action, ProbeTarget target, Duration timeout)
            throws InterruptedException {
        OptionalInt port = target.port(action.getPort());
        if (port.isEmpty()) {
            return new ProbeResult.Errored(
                    "couldn't find port of container " + target.spec().getName());
        }
        String host =
                action.getHost() == null || action.getHost().isEmpty()
                        ? target.podIp()
                        : action.getHost();
        try {
            dialer.connect(target, host, port.getAsInt(), timeout);
            return new ProbeResult.Success();
        } catch (IOException e) {
            return new ProbeResult.Failure(DialError.text(e, host, port.getAsInt()));
        }
    }

    private ProbeResult exec(List<String> command, ProbeTarget target, Duration timeout)
            throws InterruptedException {
        try {
            ExecResult result =
                    engine.execSync(target.containerId(), command, timeout, EXEC_OUTPUT_LIMIT);
            return result.exitCode() == 0
                    ? new ProbeResult.Success()
                    : new ProbeResult.Failure(result.output());
        } catch (BackendException e) {
            return switch (e.reason()) {
                case TIMEOUT ->
                        new ProbeResult.Failure(
                                "command timed out: \"%s\" timed out after %ds"
                                        .formatted(String.join(" ", command), timeout.toSeconds()));
                // A command that cannot be started, be it that it is not there, tells nothing of
                // the container's health: only an exit code does.
                default ->
                        new ProbeResult.Errored(
                                "rpc error: code = Unknown desc = " + e.getMessage());
            };
        }
    }
}
