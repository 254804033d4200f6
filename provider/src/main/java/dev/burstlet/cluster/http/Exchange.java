package dev.burstlet.cluster.http;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, on the thread that runs it: the head completes a future, the body is
 * handed on piece by piece as it is asked for. Cancelling either ends the connection.
 */
final class Exchange implements Runnable, AsyncBody {
    private static final int PIECE_BYTES = 8 * 1024;

    /** Of silence in an answer; the caller's own limit, of the whole call, is the shorter one. */
    private static final Duration CALL_SILENCE = Duration.ofSeconds(60);

    /** Watches are asked for bookmarks, which come every minute. */
    private static final Duration STREAM_SILENCE = Duration.ofMinutes(3);

    private static final RequestConfig CALL = limits(CALL_SILENCE);
    private static final RequestConfig STREAM = limits(STREAM_SILENCE);

    private final CloseableHttpClient client;
    private final StandardHttpRequest request;
    private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
    private final HttpUriRequestBase sent;
    private final CompletableFuture<HttpResponse<AsyncBody>> head = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Semaphore wanted = new Semaphore(0);

    Exchange(
            CloseableHttpClient client,
            StandardHttpRequest request,
            AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        this.client = client;
        this.request = request;
        this.consumer = consumer;
        this.sent = Requests.of(request);
        sent.setConfig(request.isForStreaming() ? STREAM : CALL);
        var _ =
                head.whenComplete((_, _) -> {
                    if (head.isCancelled()) {
                        cancel();
                    }
                });
    }

    CompletableFuture<HttpResponse<AsyncBody>> response() {
        return head;
    }

    @Override
    public void run() {
        try (ClassicHttpResponse answer =
                client.executeOpen(RoutingSupport.determineHost(sent), sent, null)) {
            head.complete(new Head(request, answer.getCode(), headers(answer), this));
            read(answer.getEntity());
            done.complete(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        } catch (Exception e) {
            fail(e);
        }
    }

    @Override
    public void consume() {
        wanted.release();
    }

    @Override
    public CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public void cancel() {
        done.completeExceptionally(new CancellationException());
        sent.cancel();
        wanted.release();
    }

    private void fail(Exception e) {
        head.completeExceptionally(e);
        done.completeExceptionally(e);
    }

    private void read(@Nullable HttpEntity entity) throws Exception {
        if (entity == null) {
            return;
        }
        boolean packed = "gzip".equals(entity.getContentEncoding());
        long length = packed ? -1 : entity.getContentLength();
        InputStream in = packed ? new GZIPInputStream(entity.getContent()) : entity.getContent();
        byte[] piece = new byte[length <= 0 ? PIECE_BYTES : (int) Math.min(length, PIECE_BYTES)];
        while (true) {
            wanted.acquire();
            if (done.isDone()) {
                throw new IOException("cancelled");
            }
            int count = in.read(piece);
            if (count < 0) {
                // What unpacks may leave the end of the answer, without which there is no reuse.
                in.close();
                return;
            }
            boolean whole = count == length;
            byte[] own = whole ? piece : Arrays.copyOf(piece, count);
            consumer.consume(List.of(ByteBuffer.wrap(own)), this);
            if (whole) {
                piece = new byte[1];
            }
        }
    }

    private static RequestConfig limits(Duration silence) {
        return RequestConfig.custom()
                .setResponseTimeout(silence.toMillis(), TimeUnit.MILLISECONDS)
                .setConnectionRequestTimeout(CALL_SILENCE.toMillis(), TimeUnit.MILLISECONDS)
                .build();
    }

    private static StandardHttpHeaders headers(ClassicHttpResponse answer) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : answer.getHeaders()) {
            headers.merge(
                    header.getName(),
                    List.of(header.getValue()),
                    (one, other) -> Stream.concat(one.stream(), other.stream()).toList());
        }
        return new StandardHttpHeaders(headers);
    }

    /** What came before the body. */
    private static final class Head extends StandardHttpHeaders implements HttpResponse<AsyncBody> {
        private final StandardHttpRequest request;
        private final int code;
        private final AsyncBody body;

        Head(StandardHttpRequest request, int code, StandardHttpHeaders headers, AsyncBody body) {
            super(headers.headers());
            this.request = request;
            this.code = code;
            this.body = body;
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public AsyncBody body() {
            return body;
        }

        @Override
        public StandardHttpRequest request() {
            return request;
        }

        @Override
        public Optional<HttpResponse<?>> previousResponse() {
            return Optional.empty();
        }
    }
}
