package dev.burstlet.cluster.http;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One Kubernetes client's HTTP: a virtual thread for each call, which ends with its answer. */
public final class CallingClient
        extends StandardHttpClient<CallingClient, Transport, Transport.Builder> {
    private final Connections connections;

    CallingClient(
            Transport.Builder builder, Connections connections, @Nullable AtomicBoolean closed) {
        super(builder, closed == null ? new AtomicBoolean() : closed);
        this.connections = connections;
    }

    Connections connections() {
        return connections;
    }

    @Override
    public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
            StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        Exchange exchange =
                new Exchange(
                        request.isForStreaming() ? connections.streams() : connections.calls(),
                        request,
                        consumer);
        Thread.ofVirtual().name("api " + request.method()).start(exchange);
        return exchange.response();
    }

    @Override
    public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
            StandardWebSocketBuilder request, WebSocket.Listener listener) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("WebSockets to the API server are not used"));
    }

    @Override
    protected void doClose() {
        connections.close();
    }
}
