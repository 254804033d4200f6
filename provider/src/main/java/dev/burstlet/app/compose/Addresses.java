package dev.burstlet.app.compose;

import dev.burstlet.app.config.HostPort;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URL;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses that a node shows in its status. */
final class Addresses {
    private static final int ANY_PORT = 443;

    private Addresses() {}

    /**
     * The configured address, else the one listened on, else that of this host towards the API
     * server.
     */
    static List<NodeAddress> of(
            String node, @Nullable String configured, String listen, KubernetesClient client) {
        String host = HostPort.parse("listen", listen).host();
        String ip =
                configured != null
                        ? configured
                        : isAny(host) ? towards(client.getMasterUrl()) : host;
        return List.of(new NodeAddress(ip, "InternalIP"), new NodeAddress(node, "Hostname"));
    }

    private static boolean isAny(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /** Connecting a datagram socket sends nothing; it only has the system choose the way. */
    private static String towards(URL server) {
        int port = server.getPort() > 0 ? server.getPort() : ANY_PORT;
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(server.getHost(), port));
            return socket.getLocalAddress().getHostAddress();
        } catch (SocketException | RuntimeException e) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }
}
