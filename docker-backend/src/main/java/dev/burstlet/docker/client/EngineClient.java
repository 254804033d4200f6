package dev.burstlet.docker.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.burstlet.container.Content;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.pod.BackendException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;

/**
 * The client of one Docker Engine, for many threads at once. Every call has a deadline and a place
 * in a {@link Budget}, and fails with {@link dev.burstlet.pod.BackendException} only. Connections
 * are pooled; opening the client connects to nothing.
 */
public final class EngineClient implements AutoCloseable {
    private static final int PROBES = 16;
    private static final int STREAMS = 256;

    private final String host;
    private final Endpoint endpoint;
    private final Duration callTimeout;
    private final CallRunner runner;
    private final DockerHttpClient transport;
    private final DockerClient typed;
    private volatile @Nullable Negotiated negotiated;

    /**
     * @throws IllegalArgumentException for settings that cannot be right, naming the key
     */
    public EngineClient(EngineSettings settings) {
        this.host = settings.name();
        this.endpoint = Endpoint.of(settings);
        this.callTimeout = settings.callTimeout();
        this.runner = new CallRunner(host, Math.max(1, settings.parallelism()), PROBES, STREAMS);
        this.transport =
                new ApacheDockerHttpClient.Builder()
                        .dockerHost(endpoint.uri())
                        .sslConfig(endpoint instanceof Endpoint.Tcp tcp ? tcp::tls : null)
                        .maxConnections(runner.connections())
                        .connectionTimeout(callTimeout)
                        .build();
        this.typed = typed();
    }

    /** The host's name in messages. */
    public String host() {
        return host;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** The deadline of an ordinary call. */
    public Duration callTimeout() {
        return callTimeout;
    }

    /** The version of the API that is spoken; asks the engine the first time. */
    public ApiVersion version() {
        return negotiated().version();
    }

    /** What the engine said of itself when it was asked for its version. */
    public JsonNode engineVersion() {
        return negotiated().answer();
    }

    /** Asks for the version anew before the next call: the engine may have been replaced. */
    public void forgetVersion() {
        negotiated = null;
    }

    /**
     * docker-java's own client on the same connections, with the same version, budgets and
     * deadlines; its streams have neither. It connects to nothing before its first call.
     */
    public DockerClient docker() {
        return typed;
    }

    /** Runs work that uses {@link #open}, with the ordinary deadline. */
    public <T> T run(Budget budget, Callable<T> work) {
        return runner.run(budget, callTimeout, work);
    }

    /**
     * Runs work on a thread of its own; it is interrupted when the deadline has passed or the
     * caller is interrupted.
     */
    public <T> T run(Budget budget, Duration deadline, Callable<T> work) {
        return runner.run(budget, deadline, work);
    }

    /** A place in a budget for a stream, given back by closing it. */
    public AutoCloseable lease(Budget budget) {
        return runner.lease(budget, callTimeout);
    }

    /** Sends a request and reads the whole answer, whatever its status. */
    public EngineAnswer send(Budget budget, Duration deadline, EngineRequest request) {
        return send(budget, deadline, request, () -> {});
    }

    /**
     * The same.
     *
     * @param before what has to be right before the request, done when its turn has come
     */
    public EngineAnswer send(
            Budget budget, Duration deadline, EngineRequest request, Runnable before) {
        String prefix = "/v" + version();
        return runner.run(
                budget,
                deadline,
                () -> {
                    before.run();
                    return exchange(prefix, request);
                });
    }

    /** Sends a request with the ordinary deadline and takes only success for an answer. */
    public JsonNode call(Budget budget, EngineRequest request) {
        return call(budget, callTimeout, request);
    }

    /** Sends a request and takes only success for an answer. */
    public JsonNode call(Budget budget, Duration deadline, EngineRequest request) {
        EngineAnswer answer = send(budget, deadline, request);
        if (!answer.ok()) {
            throw EngineFailure.ofStatus(host, answer.status(), answer.message());
        }
        return parse(answer);
    }

    /** The body of an answer; garbage is a failure of the engine. */
    public JsonNode parse(EngineAnswer answer) {
        try {
            return answer.json();
        } catch (IOException e) {
            throw EngineFailure.of(host, e);
        }
    }

    /** The failure that an answer is. */
    public BackendException failure(EngineAnswer answer) {
        return EngineFailure.ofStatus(host, answer.status(), answer.message());
    }

    /**
     * Opens an answer that is read as it comes; to be closed by the caller. No deadline applies
     * here: call it from a thread that can be interrupted, or within {@link #run}.
     */
    public DockerHttpClient.Response open(EngineRequest request) throws IOException {
        return execute("/v" + version(), request);
    }

    @Override
    public void close() {
        try {
            transport.close();
        } catch (IOException e) {
            throw EngineFailure.of(host, e);
        }
    }

    private Negotiated negotiated() {
        Negotiated known = negotiated;
        if (known != null) {
            return known;
        }
        EngineAnswer answer =
                runner.run(
                        Budget.QUERY,
                        callTimeout,
                        () -> exchange("", EngineRequest.get("/version")));
        if (!answer.ok()) {
            throw failure(answer);
        }
        JsonNode told = parse(answer);
        ApiVersion maximum = ApiVersion.parse(told.path("ApiVersion").asText());
        ApiVersion minimum = ApiVersion.parse(told.path("MinAPIVersion").asText("1.12"));
        ApiVersion version = ApiVersion.negotiate(minimum, maximum);
        Negotiated fresh = new Negotiated(version, told);
        negotiated = fresh;
        return fresh;
    }

    private DockerClient typed() {
        DefaultDockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(endpoint.uri().toString())
                        .withDockerTlsVerify(false)
                        .withApiVersion(RemoteApiVersion.unknown())
                        .build();
        return DockerClientImpl.getInstance(
                config, new BoundedTransport(transport, runner, callTimeout, this::version));
    }

    private EngineAnswer exchange(String prefix, EngineRequest request) throws IOException {
        try (DockerHttpClient.Response response = execute(prefix, request)) {
            byte[] body = response.getBody().readAllBytes();
            return new EngineAnswer(
                    response.getStatusCode(), new String(body, StandardCharsets.UTF_8));
        }
    }

    private DockerHttpClient.Response execute(String prefix, EngineRequest request)
            throws IOException {
        try {
            return executeOnce(prefix, request);
        } catch (NoHttpResponseException e) {
            // A pooled connection that the engine had closed. Every call may be repeated.
            return executeOnce(prefix, request);
        }
    }

    private DockerHttpClient.Response executeOnce(String prefix, EngineRequest request)
            throws IOException {
        DockerHttpClient.Request.Builder builder = DockerHttpClient.Request.builder();
        builder.method(request.method()).path(prefix + request.path());
        builder.putAllHeaders(request.headers());
        Content body = request.body();
        if (body != null) {
            builder.bodyBytes(body.bytes());
        }
        try {
            return transport.execute(builder.build());
        } catch (RuntimeException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e;
        }
    }

    private record Negotiated(ApiVersion version, JsonNode answer) {}
}
