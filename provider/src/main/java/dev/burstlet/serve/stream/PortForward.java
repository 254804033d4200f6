package dev.burstlet.serve.stream;

import dev.burstlet.serve.http.Exchange;
import dev.burstlet.serve.http.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Joins a client's connections to a pod's ports. */
public final class PortForward {
    private final StreamLimits limits;

    public PortForward(StreamLimits limits) {
        this.limits = limits;
    }

    /** Serves until the client closes. */
    public void run(Exchange exchange, Dialer dialer)
            throws Refusal, IOException, InterruptedException {
        if (Upgrades.asksForSpdy(exchange)) {
            SpdyForward.serve(exchange, dialer, limits);
        } else if (Upgrades.asksForWebSocket(exchange)) {
            if (WebSocketForward.asksForTunnel(exchange)) {
                SpdyForward.serveTunnel(exchange, dialer, limits);
            } else {
                WebSocketForward.serve(exchange, dialer, limits);
            }
        } else {
            throw Upgrades.none();
        }
    }

    /** A port of a stream header or of the query. */
    static int port(String text) throws NumberFormatException {
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65535) {
            throw new NumberFormatException("port " + text);
        }
        return port;
    }

    /** Joins one connection to a port until both directions ended. */
    @FunctionalInterface
    public interface Dialer {
        /**
         * Joins; blocks until the end.
         *
         * @param out closing it passes the pod's end of data on, while the other direction goes on
         */
        void join(int port, InputStream in, OutputStream out)
                throws IOException, InterruptedException;
    }
}
