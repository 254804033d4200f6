package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Port-forward over plain WebSocket channels: the ports stand in the query, and each has a data and
 * an error channel that begin with the port's number.
 */
final class WebSocketForward {
    private static final String BASE64 = "v4.base64.channel.k8s.io";
    private static final List<String> KNOWN = List.of("", "v4.channel.k8s.io", BASE64);
    private static final int MAX_PORTS = 64;

    private WebSocketForward() {}

    static boolean asksForTunnel(Exchange exchange) {
        return exchange.headers()
                .containsValue(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, SpdyForward.TUNNEL, true);
    }

    static void serve(Exchange exchange, PortForward.Dialer dialer, StreamLimits limits)
            throws Refusal, IOException, InterruptedException {
        List<Integer> ports = ports(exchange);
        String protocol = Upgrades.webSocketProtocol(exchange, KNOWN);
        WebSocketSession session =
                new WebSocketSession(exchange.channel(), protocol.equals(BASE64), limits.idle());
        List<Inbox> inboxes = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            inboxes.add(session.inbox(2 * i));
        }
        exchange.upgrade(Upgrades.webSocketAnswer(exchange, protocol), session::install);
        Forwarding forwarding = new Forwarding(dialer);
        AtomicInteger left = new AtomicInteger(ports.size());
        try {
            for (int i = 0; i < ports.size(); i++) {
                Outlet data = session.outlet(2 * i);
                Outlet error = session.outlet(2 * i + 1);
                begin(ports.get(i), data, error);
                Runnable after =
                        () -> {
                            if (left.decrementAndGet() == 0) {
                                session.end();
                            }
                        };
                forwarding.start(ports.get(i), inboxes.get(i), data, error, after);
            }
            exchange.channel().closeFuture().await();
        } finally {
            forwarding.end();
        }
    }

    private static void begin(int port, Outlet data, Outlet error) throws IOException {
        byte[] number = {(byte) port, (byte) (port >> 8)};
        data.write(number);
        error.write(number);
    }

    private static List<Integer> ports(Exchange exchange) throws Refusal {
        List<Integer> ports = new ArrayList<>();
        for (String value : exchange.query().all("port")) {
            for (String port : value.split(",", -1)) {
                try {
                    ports.add(PortForward.port(port.strip()));
                } catch (NumberFormatException e) {
                    throw new Refusal(400, "invalid port \"" + port + "\"");
                }
            }
        }
        if (ports.isEmpty() || ports.size() > MAX_PORTS) {
            throw new Refusal(400, "query parameter \"port\" is required, at most 64 times");
        }
        return ports;
    }
}
