package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import dev.burstlet.serve.http.Wire;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Port-forward over SPDY, bare or within WebSocket messages: each connection is a pair of streams,
 * data and error, with one request id. Its fields belong to the event loop.
 */
final class SpdyForward {
    static final String PROTOCOL = "portforward.k8s.io";
    static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";
    private static final int MAX_STREAMS = 2 * 1024;

    private final Channel channel;
    private final StreamLimits limits;
    private final Forwarding forwarding;
    private final SpdySession session;
    private final Map<String, Pair> waiting = new HashMap<>();

    private SpdyForward(Channel channel, PortForward.Dialer dialer, StreamLimits limits) {
        this.channel = channel;
        this.limits = limits;
        this.forwarding = new Forwarding(dialer);
        this.session = new SpdySession(channel, limits.idle(), MAX_STREAMS, this::accept);
    }

    static void serve(Exchange exchange, PortForward.Dialer dialer, StreamLimits limits)
            throws Refusal, IOException, InterruptedException {
        String protocol = Upgrades.spdyProtocol(exchange, List.of(PROTOCOL));
        SpdyForward forward = new SpdyForward(exchange.channel(), dialer, limits);
        exchange.upgrade(Upgrades.spdyAnswer(protocol), forward.session::install);
        forward.await();
    }

    static void serveTunnel(Exchange exchange, PortForward.Dialer dialer, StreamLimits limits)
            throws Refusal, IOException, InterruptedException {
        SpdyForward forward = new SpdyForward(exchange.channel(), dialer, limits);
        exchange.upgrade(Upgrades.webSocketAnswer(exchange, TUNNEL), forward::installTunnel);
        forward.await();
    }

    private void installTunnel(ChannelPipeline pipeline) {
        pipeline.addLast(session.gate());
        Upgrades.installWebSocket(pipeline);
        pipeline.addLast(new TunnelCodec());
        session.installAbove(pipeline);
    }

    private void await() throws InterruptedException {
        try {
            channel.closeFuture().await();
        } finally {
            forwarding.end();
        }
    }

    private boolean accept(SpdyStream stream) {
        String id = requestId(stream);
        Pair pair = waiting.getOrDefault(id, new Pair(null, null));
        Pair more =
                switch (stream.type()) {
                    case "data" -> pair.data == null ? new Pair(stream, pair.error) : null;
                    case "error" -> pair.error == null ? new Pair(pair.data, stream) : null;
                    default -> null;
                };
        if (more == null || !validPort(stream)) {
            return false;
        }
        if (more.data == null || more.error == null) {
            waiting.put(id, more);
            expire(id, stream);
            return true;
        }
        waiting.remove(id);
        start(more.data, more.error);
        return true;
    }

    private void start(SpdyStream data, SpdyStream error) {
        forwarding.start(
                PortForward.port(data.header("port")),
                data.in(),
                data.out(),
                error.out(),
                () -> {
                    session.forget(data);
                    session.forget(error);
                });
    }

    private void expire(String id, SpdyStream stream) {
        Wire.after(
                channel,
                limits.creation(),
                () -> {
                    Pair pair = waiting.get(id);
                    if (pair != null && pair.has(stream)) {
                        waiting.remove(id);
                        session.refuse(stream);
                    }
                });
    }

    /** Old clients send no id: there the pair's ids follow each other, the error stream first. */
    private static String requestId(SpdyStream stream) {
        String id = stream.header("requestid");
        if (!id.isEmpty()) {
            return id;
        }
        return "#" + (stream.type().equals("data") ? stream.id() - 2 : stream.id());
    }

    private static boolean validPort(SpdyStream stream) {
        try {
            return PortForward.port(stream.header("port")) > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private record Pair(@Nullable SpdyStream data, @Nullable SpdyStream error) {
        boolean has(SpdyStream stream) {
            return stream.equals(data) || stream.equals(error);
        }
    }
}
