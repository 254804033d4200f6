package dev.burstlet.hyper.stream;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The HTTP upgrade that turns a streaming URL of the CRI into a SPDY connection. The URL is good
 * for one use within a minute and is answered on this host only.
 */
final class Upgrade {
    private static final int MAX_HEAD_BYTES = 16 * 1024;

    private Upgrade() {}

    static SpdyConnection open(String url, String protocol, Duration timeout) throws IOException {
        URI uri = URI.create(url);
        if (!"http".equals(uri.getScheme())) {
            throw new BackendException(
                    Reason.UNSUPPORTED,
                    "the runtime's streaming server speaks "
                            + uri.getScheme()
                            + ", this client http on the host itself");
        }
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(uri.getHost(), uri.getPort()), (int) timeout.toMillis());
            socket.setSoTimeout((int) timeout.toMillis());
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
            out.write(request(uri, protocol).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            check(head(in), url);
            socket.setSoTimeout(0);
            return new SpdyConnection(socket, in, out);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static String request(URI uri, String protocol) {
        String target =
                uri.getRawQuery() == null
                        ? uri.getRawPath()
                        : uri.getRawPath() + "?" + uri.getRawQuery();
        return "POST "
                + target
                + " HTTP/1.1\r\nHost: "
                + uri.getAuthority()
                + "\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: "
                + protocol
                + "\r\nContent-Length: 0\r\n\r\n";
    }

    /** Byte by byte: what follows the head is already SPDY. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > MAX_HEAD_BYTES) {
                throw new IOException("the streaming server ended without an answer");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void check(String head, String url) {
        if (!head.startsWith("HTTP/1.1 101")) {
            int end = head.indexOf("\r\n");
            throw new BackendException(
                    Reason.ENGINE,
                    "the streaming server answered "
                            + head.substring(0, end)
                            + " at "
                            + URI.create(url).getAuthority());
        }
    }
}
