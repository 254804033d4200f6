package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Opens a remote command's streams over WebSocket: each is a numbered channel, there at once. */
final class WebSocketCommand {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    private static final Set<String> BASE64 =
            Set.of("base64.channel.k8s.io", "v4.base64.channel.k8s.io");
    private static final Set<String> WITH_STATUS =
            Set.of("v4.channel.k8s.io", "v5.channel.k8s.io", "v4.base64.channel.k8s.io");
    private static final List<String> KNOWN =
            List.of(
                    "",
                    "channel.k8s.io",
                    "base64.channel.k8s.io",
                    "v4.channel.k8s.io",
                    "v4.base64.channel.k8s.io",
                    "v5.channel.k8s.io");

    private WebSocketCommand() {}

    static CommandStreams open(Exchange exchange, Wanted wanted, StreamLimits limits)
            throws Refusal, IOException, InterruptedException {
        String protocol = Upgrades.webSocketProtocol(exchange, KNOWN);
        WebSocketSession session =
                new WebSocketSession(exchange.channel(), BASE64.contains(protocol), limits.idle());
        CommandStreams streams =
                new CommandStreams(
                        wanted.stdin() ? session.inbox(STDIN) : null,
                        wanted.stdout() ? session.outlet(STDOUT) : null,
                        wanted.stderr() ? session.outlet(STDERR) : null,
                        session.outlet(ERROR),
                        wanted.tty() ? session.inbox(RESIZE) : null,
                        WITH_STATUS.contains(protocol) ? StatusFormat.STATUS : StatusFormat.TEXT,
                        () -> session.close(limits.goodbye()));
        exchange.upgrade(Upgrades.webSocketAnswer(exchange, protocol), session::install);
        greet(streams);
        return streams;
    }

    /** Clients wait for a first, empty message before they take the connection as open. */
    private static void greet(CommandStreams streams) {
        Outlet stdout = streams.stdout();
        Outlet stderr = streams.stderr();
        Outlet first = stdout != null ? stdout : stderr != null ? stderr : streams.error();
        first.writeNothing();
    }
}
