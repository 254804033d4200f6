package dev.burstlet.cluster.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransportTest {
    private static final int PATIENCE_SECONDS = 20;

    private HttpServer server;
    private HttpClient client;
    private final Set<Integer> clientPorts = ConcurrentHashMap.newKeySet();
    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/echo", this::echo);
        server.createContext("/refuse", exchange -> answer(exchange, 409, "taken"));
        server.createContext("/lines", this::lines);
        server.createContext("/packed", this::packed);
        server.start();
        Config config =
                new ConfigBuilder(Config.empty())
                        .withMasterUrl(url(""))
                        .withRequestRetryBackoffLimit(0)
                        .build();
        client = new Transport().newBuilder(config).build();
    }

    @AfterEach
    void stop() {
        end.countDown();
        client.close();
        server.stop(0);
    }

    @Test
    void methodHeadersAndBodyArriveAndTheAnswerComesBack() throws Exception {
        HttpResponse<String> response =
                send("/echo?a=b%2Fc", "PATCH", "application/merge-patch+json", "{\"ü\":1}");
        assertThat(response.code()).isEqualTo(200);
        assertThat(response.header("x-answer")).isEqualTo("yes");
        assertThat(response.body())
                .isEqualTo("PATCH a=b%2Fc application/merge-patch+json x {\"ü\":1}");
    }

    @Test
    void aDeleteHasABodyToo() throws Exception {
        assertThat(send("/echo?", "DELETE", "application/json", "{}").body())
                .isEqualTo("DELETE  application/json x {}");
    }

    @Test
    void aLongAnswerMayComePacked() throws Exception {
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer =
                    client.sendAsync(
                                    client.newHttpRequestBuilder().uri(url("/packed")).build(),
                                    String.class)
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(answer.body()).isEqualTo("long ".repeat(10_000));
        }
        assertThat(clientPorts).as("the same connection").hasSize(1);
    }

    @Test
    void aRefusalIsAnAnswer() throws Exception {
        HttpResponse<String> response = send("/refuse", "POST", "application/json", "{}");
        assertThat(response.code()).isEqualTo(409);
        assertThat(response.isSuccessful()).isFalse();
        assertThat(response.body()).isEqualTo("taken");
    }

    @Test
    void callsOneAfterTheOtherShareAConnection() throws Exception {
        for (int i = 0; i < 5; i++) {
            send("/echo?", "POST", "application/json", "{}");
        }
        assertThat(clientPorts).hasSize(1);
    }

    @Test
    void aStreamIsHandedOnAsItComesAndOnlyAsItIsAskedFor() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        AsyncBody body = follow(seen).get(PATIENCE_SECONDS, TimeUnit.SECONDS).body();
        assertThat(seen.poll(200, TimeUnit.MILLISECONDS)).isNull();
        body.consume();
        assertThat(seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("first\n");
        body.consume();
        assertThat(body.done()).isNotDone();
        end.countDown();
        assertThat(seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("last\n");
        body.consume();
        body.done().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aStreamThatIsCancelledEndsThoughNothingComes() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        AsyncBody body = follow(seen).get(PATIENCE_SECONDS, TimeUnit.SECONDS).body();
        body.consume();
        seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        body.consume();
        body.cancel();
        assertThatThrownBy(() -> body.done().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(java.util.concurrent.CancellationException.class);
    }

    @Test
    void streamsTakeNoConnectionFromCalls() throws Exception {
        for (int i = 0; i <= Transport.CONNECTIONS; i++) {
            follow(new LinkedBlockingQueue<>()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(send("/echo?", "POST", "application/json", "{}").code()).isEqualTo(200);
    }

    @Test
    void whatCannotBeReachedFails() {
        server.stop(0);
        assertThatThrownBy(() -> send("/echo?", "POST", "application/json", "{}"))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void webSocketsAreRefused() {
        CompletableFuture<?> socket =
                client.newWebSocketBuilder()
                        .uri(java.net.URI.create(url("/echo")))
                        .buildAsync(new io.fabric8.kubernetes.client.http.WebSocket.Listener() {});
        assertThatThrownBy(() -> socket.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasMessageContaining("WebSockets");
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private HttpResponse<String> send(String path, String method, String type, String body)
            throws Exception {
        return client.sendAsync(
                        client.newHttpRequestBuilder()
                                .uri(url(path))
                                .method(method, type, body)
                                .header("X-Test", "x")
                                .build(),
                        String.class)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private CompletableFuture<HttpResponse<AsyncBody>> follow(BlockingQueue<String> seen) {
        return client.consumeBytes(
                client.newHttpRequestBuilder().uri(url("/lines")).forStreaming().build(),
                (buffers, _) -> buffers.forEach(buffer -> seen.add(text(buffer))));
    }

    private static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer).toString();
    }

    private void echo(HttpExchange exchange) throws IOException {
        clientPorts.add(exchange.getRemoteAddress().getPort());
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        exchange.getResponseHeaders().set("X-Answer", "yes");
        answer(
                exchange,
                200,
                String.join(
                        " ",
                        List.of(
                                exchange.getRequestMethod(),
                                exchange.getRequestURI().getRawQuery(),
                                exchange.getRequestHeaders().getFirst("Content-Type"),
                                exchange.getRequestHeaders().getFirst("X-Test"),
                                body)));
    }

    private void lines(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write("first\n".getBytes(UTF_8));
            out.flush();
            end.await();
            out.write("last\n".getBytes(UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void packed(HttpExchange exchange) throws IOException {
        clientPorts.add(exchange.getRemoteAddress().getPort());
        assertThat(exchange.getRequestHeaders().getFirst("Accept-Encoding")).isEqualTo("gzip");
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
            out.write("long ".repeat(10_000).getBytes(UTF_8));
        }
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
