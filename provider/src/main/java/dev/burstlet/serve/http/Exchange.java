package dev.burstlet.serve.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * One request and the way to answer it, once: whole, as a stream, or by an upgrade. Used by the one
 * thread that serves it.
 */
public final class Exchange {
    private final Channel channel;
    private final HttpRequest request;
    private final RequestPath path;
    private final Query query;
    private @Nullable BodyOutput body;
    private boolean answered;
    private boolean upgraded;

    Exchange(Channel channel, HttpRequest request, RequestPath path, Query query) {
        this.channel = channel;
        this.request = request;
        this.path = path;
        this.query = query;
    }

    public String method() {
        return request.method().name();
    }

    public RequestPath path() {
        return path;
    }

    public Query query() {
        return query;
    }

    public HttpHeaders headers() {
        return request.headers();
    }

    public Channel channel() {
        return channel;
    }

    /** What the client showed in the TLS handshake, not yet verified; empty for nothing. */
    public List<X509Certificate> clientChain() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        List<X509Certificate> chain = new ArrayList<>();
        if (tls == null) {
            return chain;
        }
        try {
            for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
        return chain;
    }

    /** The client's address for log lines. */
    public String remote() {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : "unknown";
    }

    /** The connection belongs to somebody known and no longer counts as unproven. */
    public void proven() {
        ConnectionGuard.proven(channel);
    }

    public void respond(String contentType, String text) {
        respond(200, contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    public void respond(int status, String contentType, byte[] bytes) {
        if (answered) {
            throw new IllegalStateException("answered already");
        }
        answered = true;
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        Unpooled.wrappedBuffer(bytes));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set("x-content-type-options", "nosniff")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        send(response);
    }

    /** A body of unknown length; the answer begins with its first byte. */
    public OutputStream stream(String contentType) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        if (!HttpUtil.isKeepAlive(request)) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        BodyOutput output = new BodyOutput(channel, head);
        body = output;
        return output;
    }

    /**
     * Answers 101 and lets {@code install} put the new protocol's handlers at the pipeline's end,
     * in the connection's own thread; nothing is read on its own from then on.
     */
    public void upgrade(HttpHeaders headers, Consumer<ChannelPipeline> install)
            throws IOException, InterruptedException {
        answered = true;
        upgraded = true;
        HttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        response.headers().set(headers).set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        Future<?> done =
                channel.eventLoop()
                        .submit(() -> {
                            channel.config().setAutoRead(false);
                            Wire.send(channel, response);
                            RequestHandler.replace(channel.pipeline(), install);
                            channel.read();
                        });
        done.await();
        if (!done.isSuccess()) {
            throw new IOException("cannot change the protocol", done.cause());
        }
    }

    /** Answers with an error, or cuts off an answer that has begun. */
    void refuse(int status, String words) {
        if (upgraded || (body != null && body.begun())) {
            Wire.close(channel);
        } else if (!answered) {
            respond(status, "text/plain; charset=utf-8", words.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Ends the answer; returns false where the connection serves no further request. */
    boolean finish() {
        if (upgraded) {
            Wire.close(channel);
            return false;
        }
        if (!answered && body != null) {
            body.begin();
            answered = true;
            send(new DefaultLastHttpContent());
        } else if (!answered) {
            refuse(500, "no answer");
        }
        return HttpUtil.isKeepAlive(request);
    }

    private void send(Object message) {
        if (HttpUtil.isKeepAlive(request)) {
            Wire.send(channel, message);
        } else {
            if (message instanceof HttpResponse response) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
            Wire.sendAndClose(channel, message);
        }
    }
}
