package dev.burstlet.serve.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the requests of one connection and has each served on a virtual thread, one at a time. All
 * fields belong to the connection's event loop.
 */
public final class RequestHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
    private static final int MAX_PIPELINED = 16;

    private final Service service;
    private final HttpLimits limits;
    private final Deque<Object> waiting = new ArrayDeque<>();
    private @Nullable HttpRequest head;
    private @Nullable Future<?> deadline;
    private long bodyBytes;
    private boolean busy;

    public RequestHandler(Service service, HttpLimits limits) {
        this.service = service;
        this.limits = limits;
    }

    /** Replaces HTTP by what {@code install} appends to the pipeline. */
    static void replace(ChannelPipeline pipeline, Consumer<ChannelPipeline> install) {
        ChannelHandler codec = pipeline.get(HttpServerCodec.class);
        pipeline.remove(RequestHandler.class);
        install.accept(pipeline);
        if (codec != null) {
            pipeline.remove(codec);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // Together with the handshake: a client that never comes to its point is not kept.
        expectRequest(ctx, limits.headerRead());
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!busy) {
            take(ctx, message);
        } else if (message instanceof LastHttpContent last && !last.content().isReadable()) {
            waiting.add(last);
        } else if (waiting.size() < MAX_PIPELINED) {
            waiting.add(message);
        } else {
            ReferenceCountUtil.release(message);
            Wire.close(ctx);
        }
    }

    private void take(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HttpRequest request) {
                begin(ctx, request);
            }
            if (message instanceof HttpContent content && head != null) {
                bodyBytes += content.content().readableBytes();
                if (bodyBytes > limits.bodyBytes()) {
                    reject(ctx, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
                } else if (content instanceof LastHttpContent) {
                    dispatch(ctx, head);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) {
        bodyBytes = 0;
        head = request;
        expectRequest(ctx, limits.headerRead());
        DecoderResult result = request.decoderResult();
        if (result.isFailure()) {
            reject(
                    ctx,
                    result.cause() instanceof TooLongFrameException
                            ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                            : HttpResponseStatus.BAD_REQUEST);
        } else if (HttpUtil.is100ContinueExpected(request)) {
            Wire.send(
                    ctx,
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private void dispatch(ChannelHandlerContext ctx, HttpRequest request) {
        cancelDeadline();
        busy = true;
        head = null;
        Thread.ofVirtual()
                .name("kubelet-api " + ctx.channel().id())
                .start(() -> serve(ctx, request));
    }

    /** The body of the request's thread. */
    private void serve(ChannelHandlerContext ctx, HttpRequest request) {
        Thread self = Thread.currentThread();
        ChannelFutureListener onClose = closed -> self.interrupt();
        ctx.channel().closeFuture().addListener(onClose);
        boolean more = false;
        try {
            Exchange exchange = exchange(ctx, request);
            answer(exchange);
            more = exchange.finish();
        } catch (Refusal refusal) {
            ctx.executor().execute(() -> reject(ctx, HttpResponseStatus.BAD_REQUEST));
        } finally {
            ctx.channel().closeFuture().removeListener(onClose);
        }
        if (more) {
            ctx.executor().execute(() -> next(ctx));
        }
    }

    private static Exchange exchange(ChannelHandlerContext ctx, HttpRequest request)
            throws Refusal {
        String uri = request.uri();
        int question = uri.indexOf('?');
        RequestPath path =
                RequestPath.parse(question < 0 ? uri : uri.substring(0, question))
                        .orElseThrow(() -> new Refusal(400, "malformed path"));
        return new Exchange(ctx.channel(), request, path, Query.of(uri));
    }

    private void answer(Exchange exchange) {
        try {
            service.serve(exchange);
        } catch (Refusal refusal) {
            exchange.refuse(refusal.status(), refusal.words());
        } catch (InterruptedException e) {
            Wire.close(exchange.channel());
        } catch (IOException e) {
            LOG.debug("{} {}: {}", exchange.method(), exchange.path(), e.toString());
            Wire.close(exchange.channel());
        } catch (RuntimeException e) {
            LOG.warn("{} {} failed", exchange.method(), exchange.path(), e);
            exchange.refuse(500, "internal error");
        }
    }

    private void next(ChannelHandlerContext ctx) {
        busy = false;
        if (!ctx.channel().isActive()) {
            return;
        }
        expectRequest(ctx, limits.keepAlive());
        while (!busy && !waiting.isEmpty()) {
            take(ctx, waiting.poll());
        }
    }

    private void reject(ChannelHandlerContext ctx, HttpResponseStatus status) {
        head = null;
        busy = true;
        cancelDeadline();
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
        response.headers()
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
        Wire.sendAndClose(ctx, response);
    }

    private void expectRequest(ChannelHandlerContext ctx, Duration within) {
        cancelDeadline();
        deadline =
                ctx.executor()
                        .schedule(() -> Wire.close(ctx), within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void cancelDeadline() {
        Future<?> running = deadline;
        deadline = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancelDeadline();
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("connection from {}: {}", ctx.channel().remoteAddress(), cause.toString());
        Wire.close(ctx);
    }
}
