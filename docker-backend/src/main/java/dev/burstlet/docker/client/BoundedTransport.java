package dev.burstlet.docker.client;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The transport as docker-java's own client sees it: every request goes to the negotiated version,
 * and every one but a stream has a place in a budget, a deadline, and failures of our kind.
 */
final class BoundedTransport implements DockerHttpClient {
    /** What has no end of its own, or takes as long as something else does. */
    private static final Pattern STREAM =
            Pattern.compile(
                    "/events\\b.*|/images/create\\b.*|/exec/[^/]+/start\\b.*"
                            + "|/containers/[^/]+/(logs|attach|stats|wait|stop|archive|export)\\b.*");

    private final DockerHttpClient transport;
    private final CallRunner runner;
    private final Duration deadline;
    private final Supplier<ApiVersion> version;

    BoundedTransport(
            DockerHttpClient transport,
            CallRunner runner,
            Duration deadline,
            Supplier<ApiVersion> version) {
        this.transport = transport;
        this.runner = runner;
        this.deadline = deadline;
        this.version = version;
    }

    @Override
    public Response execute(Request request) {
        Request versioned =
                Request.builder().from(request).path("/v" + version.get() + request.path()).build();
        if (STREAM.matcher(request.path()).matches() || request.hijackedInput() != null) {
            return transport.execute(versioned);
        }
        Budget budget = request.method().equals("GET") ? Budget.QUERY : Budget.LIFECYCLE;
        return runner.run(budget, deadline, () -> read(versioned));
    }

    private Response read(Request request) throws IOException {
        try (Response response = transport.execute(request)) {
            byte[] body = response.getBody().readAllBytes();
            return new Whole(
                    response.getStatusCode(),
                    response.getHeaders(),
                    new ByteArrayInputStream(body));
        }
    }

    /** The transport is its owner's to close. */
    @Override
    public void close() {}

    private record Whole(int status, Map<String, List<String>> headers, InputStream body)
            implements Response {
        @Override
        public int getStatusCode() {
            return status;
        }

        @Override
        public Map<String, List<String>> getHeaders() {
            return headers;
        }

        @Override
        public InputStream getBody() {
            return body;
        }

        @Override
        public void close() {}
    }
}
