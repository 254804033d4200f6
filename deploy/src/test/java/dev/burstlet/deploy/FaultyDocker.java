package dev.burstlet.deploy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Docker Engine behind a wire that can be made to fail: a TCP port whose requests go to the
 * engine's socket, but for those that a {@link Fault} catches.
 */
final class FaultyDocker implements AutoCloseable {
    private static final Pattern LENGTH =
            Pattern.compile(
                    "^content-length: *(\\d+)", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private static final Pattern CHUNKED =
            Pattern.compile(
                    "^transfer-encoding: *chunked", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private static final Pattern UPGRADE =
            Pattern.compile("^upgrade: ", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private final String socket;
    private final ServerSocket listener;
    private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.none());

    FaultyDocker(Docker behind) {
        this.socket = behind.endpoint().substring("unix://".length());
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("faulty-docker").start(this::listen);
    }

    /**
     * What becomes of requests whose method and path match.
     *
     * @param times how many of them; those after are served
     * @param answer what is sent in place of an answer, then the connection is cut; empty for none
     * @param delay how long it takes
     */
    record Fault(Pattern request, AtomicInteger times, String answer, Duration delay) {
        static Fault none() {
            return new Fault(Pattern.compile("(?!)"), new AtomicInteger(), "", Duration.ZERO);
        }

        static Fault status(String request, int times, int status, String message) {
            String body = "{\"message\":\"" + message + "\"}";
            return new Fault(
                    Pattern.compile(request),
                    new AtomicInteger(times),
                    "HTTP/1.1 "
                            + status
                            + " Fault\r\n"
                            + "Content-Type: application/json\r\n"
                            + "Connection: close\r\n"
                            + "Content-Length: "
                            + body.length()
                            + "\r\n\r\n"
                            + body,
                    Duration.ZERO);
        }

        boolean catches(String head) {
            return request.matcher(head.lines().findFirst().orElse("")).find()
                    && times.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        }
    }

    String endpoint() {
        return "tcp://127.0.0.1:" + listener.getLocalPort();
    }

    void fault(Fault next) {
        fault.set(next);
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                SocketChannel engine = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            engine.connect(UnixDomainSocketAddress.of(socket));
            OutputStream back = client.getOutputStream();
            Thread.ofVirtual().start(() -> copyBack(engine, client, back));
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = Channels.newOutputStream(engine);
            while (true) {
                String head = head(in);
                Fault now = Objects.requireNonNull(fault.get());
                if (now.catches(head)) {
                    Thread.sleep(now.delay());
                    back.write(now.answer().getBytes(StandardCharsets.ISO_8859_1));
                    back.flush();
                    return;
                }
                out.write(head.getBytes(StandardCharsets.ISO_8859_1));
                if (UPGRADE.matcher(head).find()) {
                    in.transferTo(out);
                    engine.shutdownOutput();
                    // The answer's side ends by itself, and closes.
                    Thread.sleep(Duration.ofMinutes(5));
                    return;
                }
                body(head, in, out);
            }
        } catch (IOException e) {
            // The client, or the engine, has hung up: so does the other end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copyBack(SocketChannel engine, Socket client, OutputStream back) {
        try {
            Channels.newInputStream(engine).transferTo(back);
            client.close();
        } catch (IOException e) {
            // As above.
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            read.write(next);
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    private static void body(String head, InputStream in, OutputStream out) throws IOException {
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
            out.write(in.readNBytes(Integer.parseInt(length.group(1))));
        } else if (CHUNKED.matcher(head).find()) {
            String size;
            do {
                size = line(in, out);
                out.write(in.readNBytes(Integer.parseInt(size.strip(), 16) + 2));
            } while (!size.strip().equals("0"));
        }
        out.flush();
    }

    private static String line(InputStream in, OutputStream out) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.isEmpty() || line.charAt(line.length() - 1) != '\n') {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            out.write(next);
            line.append((char) next);
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
