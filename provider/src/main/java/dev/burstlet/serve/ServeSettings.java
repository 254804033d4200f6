package dev.burstlet.serve;

import dev.burstlet.serve.http.HttpLimits;
import dev.burstlet.serve.stream.StreamLimits;
import java.net.InetSocketAddress;

/**
 * Settings of one node's server.
 *
 * @param bind address and port to listen on; port 0 takes a free one
 */
public record ServeSettings(
        String nodeName, InetSocketAddress bind, HttpLimits http, StreamLimits streams) {
    /** With the kubelet's limits. */
    public static ServeSettings of(String nodeName, InetSocketAddress bind) {
        return new ServeSettings(nodeName, bind, HttpLimits.DEFAULT, StreamLimits.DEFAULT);
    }
}
