package dev.burstlet.docker.wire;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an engine, first HTTP, then perhaps a raw stream whose sending half can be
 * closed alone. Interrupting a thread that reads or writes closes it.
 */
public final class EngineConnection implements Closeable {
    private static final int MOST_HEADER_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final @Nullable SSLSocket tls;
    private final InputStream in;
    private final OutputStream out;

    private EngineConnection(
            SocketChannel channel, @Nullable SSLSocket tls, InputStream in, OutputStream out) {
        this.channel = channel;
        this.tls = tls;
        this.in = new BufferedInputStream(in, 32 * 1024);
        this.out = out;
    }

    static EngineConnection of(SocketChannel channel) {
        return new EngineConnection(
                channel, null, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    static EngineConnection of(SocketChannel channel, SSLSocket tls) throws IOException {
        return new EngineConnection(channel, tls, tls.getInputStream(), tls.getOutputStream());
    }

    /** An answer; its body is read before the next request is sent. */
    public record Response(int status, Map<String, String> headers, InputStream body) {
        public boolean isSuccess() {
            return status == 101 || status / 100 == 2;
        }
    }

    public OutputStream out() {
        return out;
    }

    /** Sends a request that, where the engine agrees, turns the connection into a raw stream. */
    public Response upgrade(String path, @Nullable String json) throws IOException {
        return request("POST", path, json, "Connection: Upgrade\r\nUpgrade: tcp\r\n");
    }

    public Response post(String path, String json) throws IOException {
        return request("POST", path, json, "");
    }

    public Response get(String path) throws IOException {
        return request("GET", path, null, "");
    }

    /** Tells the engine that nothing more is sent; what it sends can still be read. */
    public void shutdownOutput() throws IOException {
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.shutdownOutput();
        }
    }

    private Response request(String method, String path, @Nullable String json, String headers)
            throws IOException {
        byte[] body = json == null ? new byte[0] : json.getBytes(StandardCharsets.UTF_8);
        String head =
                "%s %s HTTP/1.1\r\nHost: docker\r\nUser-Agent: burstlet\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(method, path, headers, body.length);
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[start.length + body.length];
        System.arraycopy(start, 0, whole, 0, start.length);
        System.arraycopy(body, 0, whole, start.length, body.length);
        out.write(whole);
        out.flush();
        return response();
    }

    private Response response() throws IOException {
        String[] status = line().split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
            throw new IOException("not an HTTP answer: " + String.join(" ", status));
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        int code = Integer.parseInt(status[1]);
        return new Response(code, headers, body(code, headers));
    }

    private InputStream body(int code, Map<String, String> headers) {
        if (code == 101) {
            return in;
        }
        if ("chunked".equalsIgnoreCase(headers.getOrDefault("transfer-encoding", ""))) {
            return new ChunkedInputStream(in);
        }
        @Nullable String size = headers.get("content-length");
        if (size != null) {
            return new SizedInputStream(in, Long.parseLong(size));
        }
        return code == 204 ? InputStream.nullInputStream() : in;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the engine closed the connection");
            }
            if (line.length() == MOST_HEADER_BYTES) {
                throw new IOException("header too long");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            // Not the TLS socket: its close may wait for a writer that is blocked.
            channel.close();
        } catch (IOException e) {
            // Nothing more can be done, and nothing more is wanted of it.
        }
    }
}
