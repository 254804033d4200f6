package dev.burstlet.serve;

import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import dev.burstlet.serve.http.Service;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Counts and times requests under the kubelet's names. Made-up paths and methods are counted as
 * one, so that clients cannot make series.
 */
final class RequestMeter implements Service {
    private static final Set<String> METHODS = Set.of("GET", "POST", "HEAD", "PUT", "DELETE");
    private static final Set<String> LONG = Set.of("exec", "attach", "portForward", "run");
    private static final Set<String> PATHS =
            Set.of(
                    "exec",
                    "attach",
                    "portForward",
                    "run",
                    "containerLogs",
                    "pods",
                    "runningpods",
                    "healthz",
                    "configz",
                    "statusz",
                    "flagz",
                    "stats",
                    "metrics");
    private static final Duration[] BUCKETS =
            Stream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final Service behind;
    private final MeterRegistry registry;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<Kind, Meters> known = new ConcurrentHashMap<>();

    private record Kind(String method, String path, boolean lasting) {}

    private record Meters(Counter count, Timer duration) {}

    RequestMeter(Service behind, MeterRegistry registry) {
        this.behind = behind;
        this.registry = registry;
        Gauge.builder("kubelet.http.inflight.requests", open, AtomicInteger::get)
                .description("Requests being answered.")
                .tag("server_type", "readwrite")
                .register(registry);
    }

    @Override
    public void serve(Exchange exchange) throws Refusal, IOException, InterruptedException {
        Meters meters = known.computeIfAbsent(kind(exchange), this::meters);
        meters.count().increment();
        open.incrementAndGet();
        long begun = System.nanoTime();
        try {
            behind.serve(exchange);
        } finally {
            open.decrementAndGet();
            meters.duration().record(Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private static Kind kind(Exchange exchange) {
        String path = exchange.path().first();
        return new Kind(
                METHODS.contains(exchange.method()) ? exchange.method() : "other",
                PATHS.contains(path) ? path : "other",
                LONG.contains(path)
                        || (path.equals("containerLogs") && exchange.query().flag("follow")));
    }

    private Meters meters(Kind kind) {
        String[] tags = {
            "long_running", Boolean.toString(kind.lasting()),
            "method", kind.method(),
            "path", kind.path(),
            "server_type", "readwrite"
        };
        return new Meters(
                Counter.builder("kubelet.http.requests")
                        .description("Requests to the kubelet API.")
                        .tags(tags)
                        .register(registry),
                Timer.builder("kubelet.http.requests.duration")
                        .description("How long they took to answer.")
                        .serviceLevelObjectives(BUCKETS)
                        .tags(tags)
                        .register(registry));
    }
}
