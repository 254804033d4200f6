package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Which protocol a request asks to change to, and the answer that does it. */
final class Upgrades {
    static final String SPDY = "SPDY/3.1";
    private static final String PROTOCOL = "x-stream-protocol-version";
    private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String WEBSOCKET_VERSION = "13";
    private static final int MAX_MESSAGE = 1 << 20;

    private Upgrades() {}

    static boolean asksForSpdy(Exchange exchange) {
        return asks(exchange, SPDY);
    }

    static boolean asksForWebSocket(Exchange exchange) {
        return asks(exchange, "websocket");
    }

    private static boolean asks(Exchange exchange, String protocol) {
        return exchange.headers().containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
                && exchange.headers().containsValue(HttpHeaderNames.UPGRADE, protocol, true);
    }

    static Refusal none() {
        return new Refusal(400, "unable to upgrade: the request asks for no SPDY/3.1 or WebSocket");
    }

    /** The client's first stream protocol that is known here. */
    static String spdyProtocol(Exchange exchange, List<String> known) throws Refusal {
        return chosen(exchange, PROTOCOL, known)
                .orElseThrow(() ->
                        new Refusal(
                                403,
                                "unable to negotiate protocol: client supports "
                                        + offered(exchange, PROTOCOL)
                                        + ", server supports "
                                        + known));
    }

    static HttpHeaders spdyAnswer(String protocol) {
        return new DefaultHttpHeaders().set(HttpHeaderNames.UPGRADE, SPDY).set(PROTOCOL, protocol);
    }

    /**
     * The client's first WebSocket protocol that is known here; the empty one where it names none
     * and that is allowed.
     */
    static String webSocketProtocol(Exchange exchange, List<String> known) throws Refusal {
        String header = HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL.toString();
        if (offered(exchange, header).isEmpty() && known.contains("")) {
            return "";
        }
        return chosen(exchange, header, known)
                .orElseThrow(() ->
                        new Refusal(
                                400,
                                "unsupported WebSocket protocol " + offered(exchange, header)));
    }

    static HttpHeaders webSocketAnswer(Exchange exchange, String protocol) throws Refusal {
        String key = exchange.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (key == null
                || !WEBSOCKET_VERSION.equals(
                        exchange.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            throw new Refusal(400, "bad WebSocket handshake");
        }
        HttpHeaders headers =
                new DefaultHttpHeaders()
                        .set(HttpHeaderNames.UPGRADE, "websocket")
                        .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept(key));
        if (!protocol.isEmpty()) {
            headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        return headers;
    }

    /** The handlers that turn bytes into whole, unmasked WebSocket messages and back. */
    static void installWebSocket(ChannelPipeline pipeline) {
        pipeline.addLast(
                new WebSocket13FrameDecoder(
                        WebSocketDecoderConfig.newBuilder()
                                .maxFramePayloadLength(MAX_MESSAGE)
                                .allowExtensions(false)
                                .withUTF8Validator(false)
                                .build()),
                new WebSocket13FrameEncoder(false),
                new WebSocketFrameAggregator(MAX_MESSAGE));
    }

    private static Optional<String> chosen(Exchange exchange, String header, List<String> known) {
        return offered(exchange, header).stream().filter(known::contains).findFirst();
    }

    private static List<String> offered(Exchange exchange, String header) {
        List<String> offered = new ArrayList<>();
        for (String value : exchange.headers().getAll(header)) {
            for (String protocol : value.split(",", -1)) {
                if (!protocol.isBlank()) {
                    offered.add(protocol.strip());
                }
            }
        }
        return offered;
    }

    private static String accept(String key) {
        try {
            byte[] bytes = (key + WEBSOCKET_GUID).getBytes(StandardCharsets.US_ASCII);
            // SHA-1 is what RFC 6455 demands; nothing secret rests on it.
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(bytes);
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
