package dev.burstlet.app.trace;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector, best effort: what does not fit into the queue or is not taken is
 * dropped and counted, and nobody waits. Safe for use by many threads.
 */
public final class SpanExport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpanExport.class);
    private static final int CAPACITY = 8_192;
    private static final int AT_ONCE = 512;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI endpoint;
    private final HttpClient http;
    private final BlockingQueue<Span> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread sender;
    private boolean failing;

    /**
     * Begins to send.
     *
     * @param endpoint of OTLP over HTTP, as {@code http://127.0.0.1:4318/v1/traces}
     */
    public SpanExport(URI endpoint) {
        this.endpoint = endpoint;
        this.http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
        this.sender = Thread.ofVirtual().name("traces").start(this::send);
    }

    void add(Span span) {
        if (!queue.offer(span)) {
            dropped.incrementAndGet();
        }
    }

    /** How many spans were dropped since the start. */
    public long dropped() {
        return dropped.get();
    }

    @Override
    public void close() {
        sender.interrupt();
        http.shutdownNow();
    }

    private void send() {
        try {
            while (true) {
                List<Span> spans = new ArrayList<>(List.of(queue.take()));
                queue.drainTo(spans, AT_ONCE - 1);
                post(spans);
            }
        } catch (InterruptedException e) {
            LOG.debug("no more traces are sent");
        }
    }

    private void post(List<Span> spans) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(endpoint)
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(OtlpJson.of(spans)))
                        .build();
        try {
            int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 == 2) {
                failing = false;
            } else {
                lost(spans.size(), "HTTP " + status);
            }
        } catch (IOException e) {
            lost(spans.size(), String.valueOf(e.getMessage()));
        }
    }

    private void lost(int spans, String why) {
        dropped.addAndGet(spans);
        if (!failing) {
            LOG.warn("traces are not taken by {}: {}", endpoint, why);
        }
        failing = true;
    }
}
