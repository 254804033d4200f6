package dev.burstlet.app.measure;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the answers of the API server to this process. */
public final class RestClientMeter implements Interceptor {
    private final MeterRegistry registry;
    private final Map<Answer, Counter> counters = new ConcurrentHashMap<>();

    private record Answer(String code, String method, String host) {}

    public RestClientMeter(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void after(
            HttpRequest request,
            HttpResponse<?> response,
            AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        counters.computeIfAbsent(
                        new Answer(
                                Integer.toString(response.code()),
                                request.method(),
                                request.uri().getAuthority()),
                        this::counter)
                .increment();
    }

    private Counter counter(Answer answer) {
        return Counter.builder("rest.client.requests")
                .description("Requests to the API server, by answer.")
                .tag("code", answer.code())
                .tag("method", answer.method())
                .tag("host", answer.host())
                .register(registry);
    }
}
