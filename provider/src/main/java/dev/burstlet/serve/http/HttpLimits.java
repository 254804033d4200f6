package dev.burstlet.serve.http;

import java.time.Duration;

/**
 * What a client may cost before it is cut off.
 *
 * @param requestLineBytes longest request line; commands are part of it
 * @param headerBytes all headers of a request together
 * @param bodyBytes longest request body; no endpoint reads one
 * @param unprovenConnections connections on which nobody has been authenticated yet; beyond it the
 *     oldest is closed
 * @param connections all connections of a listener; beyond it new ones are closed
 * @param handshake time for the TLS handshake
 * @param headerRead time for a request to come in whole
 * @param keepAlive time that a connection may wait for its next request
 */
public record HttpLimits(
        int requestLineBytes,
        int headerBytes,
        int bodyBytes,
        int unprovenConnections,
        int connections,
        Duration handshake,
        Duration headerRead,
        Duration keepAlive) {
    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    64 << 10,
                    64 << 10,
                    64 << 10,
                    512,
                    20_000,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(90));
}
