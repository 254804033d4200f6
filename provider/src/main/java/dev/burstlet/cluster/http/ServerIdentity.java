package dev.burstlet.cluster.http;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.jspecify.annotations.Nullable;

/** TLS to a server that goes by its address's name, or by the one that a kubeconfig names. */
final class ServerIdentity extends DefaultClientTlsStrategy {
    private final @Nullable String serverName;

    /**
     * @param serverName what its certificate names it where that is not the address's name
     * @param verifier null for that of TLS itself
     */
    // The constructor takes null for its defaults, and does not say so.
    @SuppressWarnings("NullAway")
    ServerIdentity(
            SSLContext context,
            String @Nullable [] protocols,
            @Nullable String serverName,
            @Nullable HostnameVerifier verifier) {
        super(
                context,
                protocols,
                null,
                SSLBufferMode.STATIC,
                verifier == null
                        ? HostnameVerificationPolicy.BUILTIN
                        : HostnameVerificationPolicy.CLIENT,
                verifier);
        this.serverName = serverName;
    }

    @Override
    public SSLSocket upgrade(
            Socket socket, String target, int port, Object attachment, HttpContext context)
            throws IOException {
        String name = serverName == null ? target : serverName;
        return super.upgrade(socket, name, port, attachment, context);
    }
}
