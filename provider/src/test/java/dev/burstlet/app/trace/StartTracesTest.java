package dev.burstlet.app.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A collector gets each start as one trace, in OTLP's JSON encoding. */
class StartTracesTest {
    private static final PodKey KEY = new PodKey("ns", "web", "u1");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final BlockingQueue<JsonNode> spans = new LinkedBlockingQueue<>();
    private Instant now = BEGIN;
    private HttpServer collector;
    private SpanExport export;
    private StartTraces traces;

    @BeforeEach
    void start() throws IOException {
        collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/v1/traces",
                exchange -> {
                    JsonNode body = new ObjectMapper().readTree(exchange.getRequestBody());
                    JsonNode resource = body.path("resourceSpans").get(0);
                    resource.path("scopeSpans").get(0).path("spans").forEach(spans::add);
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        collector.start();
        export =
                new SpanExport(
                        URI.create(
                                "http://127.0.0.1:"
                                        + collector.getAddress().getPort()
                                        + "/v1/traces"));
        traces = new StartTraces("n1", export, () -> now);
    }

    @AfterEach
    void stop() {
        export.close();
        collector.stop(0);
    }

    @Test
    void aStartIsOneTraceWithItsPiecesAndEvents() throws InterruptedException {
        traces.accepted(pod());
        traces.acted(KEY, "sandbox", BEGIN, BEGIN.plusSeconds(1));
        traces.happened(
                new PodEvent(
                        KEY, PodEvent.Type.NORMAL, "Pulled", "done", null, BEGIN.plusSeconds(1)));
        now = BEGIN.plusSeconds(2);
        traces.reported(report(running(), PodReport.Stage.ACTIVE));
        List<JsonNode> told = await(2);
        JsonNode piece = told.get(0);
        JsonNode whole = told.get(1);
        assertThat(piece.path("name").asText()).isEqualTo("sandbox");
        assertThat(whole.path("name").asText()).isEqualTo("pod start");
        assertThat(whole.path("traceId").asText())
                .hasSize(32)
                .isEqualTo(piece.path("traceId").asText());
        assertThat(piece.path("parentSpanId").asText())
                .hasSize(16)
                .isEqualTo(whole.path("spanId").asText());
        assertThat(whole.path("startTimeUnixNano").asText()).isEqualTo("1767225600000000000");
        assertThat(whole.path("endTimeUnixNano").asText()).isEqualTo("1767225602000000000");
        assertThat(whole.path("events").get(0).path("name").asText()).isEqualTo("Pulled");
        assertThat(whole.path("attributes").toString()).contains("k8s.pod.name").contains("web");
        assertThat(whole.has("status")).isFalse();
    }

    @Test
    void aStartThatComesToNothingHasFailed() throws InterruptedException {
        traces.accepted(pod());
        traces.reported(report(new PodStatus(), PodReport.Stage.TERMINATING));
        assertThat(await(1).getFirst().path("status").path("code").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsNotTakenIsCounted() {
        collector.removeContext("/v1/traces");
        traces.accepted(pod());
        traces.reported(report(running(), PodReport.Stage.ACTIVE));
        org.awaitility.Awaitility.await().until(() -> export.dropped() == 1);
    }

    private List<JsonNode> await(int count) throws InterruptedException {
        List<JsonNode> found = new ArrayList<>();
        while (found.size() < count) {
            found.add(Objects.requireNonNull(spans.poll(10, TimeUnit.SECONDS), "a span"));
        }
        return found;
    }

    private static PodReport report(PodStatus status, PodReport.Stage stage) {
        return new PodReport(KEY, 1, status, stage);
    }

    private static Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(KEY.namespace())
                .withName(KEY.name())
                .withUid(KEY.uid())
                .endMetadata()
                .build();
    }

    private static PodStatus running() {
        return new PodStatusBuilder()
                .addNewContainerStatus()
                .withName("main")
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .build();
    }
}
