package dev.burstlet.serve;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;

/** A client that writes and reads bytes itself, so that it can be as odd as a test wants. */
final class WireClient implements Closeable {
    private static final int TIMEOUT_MILLIS = 20_000;

    final Socket socket;
    final DataInputStream in;
    private final Deflater deflater = new Deflater();
    private boolean deflating;

    WireClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A request with a token and further header lines. */
    WireClient request(String method, String path, String token, String... headers)
            throws IOException {
        StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: n1\r\n");
        if (!token.isEmpty()) {
            text.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        send(text + "\r\n");
        return this;
    }

    WireClient spdy(String path, String... protocols) throws IOException {
        String[] headers = new String[protocols.length + 2];
        headers[0] = "Connection: Upgrade";
        headers[1] = "Upgrade: SPDY/3.1";
        for (int i = 0; i < protocols.length; i++) {
            headers[i + 2] = "X-Stream-Protocol-Version: " + protocols[i];
        }
        return request("POST", path, ServerFixture.ADMIN, headers);
    }

    WireClient webSocket(String path, String protocol) throws IOException {
        return request(
                "GET",
                path,
                ServerFixture.ADMIN,
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                protocol.isEmpty() ? "X-None: 1" : "Sec-WebSocket-Protocol: " + protocol);
    }

    /** Reads an answer's head. */
    Head head() throws IOException {
        String status = line();
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(status.split(" ", 3)[1]), headers);
    }

    /** Reads an answer's body, counted or chunked. */
    String body(Head head) throws IOException {
        String length = head.headers().get("content-length");
        if (length != null) {
            return new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
            all.writeBytes(chunk);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    byte[] chunk() throws IOException {
        byte[] bytes = in.readNBytes(Integer.parseInt(line(), 16));
        line();
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("after \"" + line + "\"");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    // SPDY

    void open(int id, String... headers) throws IOException {
        byte[] block = deflate(block(headers));
        send(
                ByteBuffer.allocate(18 + block.length)
                        .putInt(0x80030001)
                        .putInt(10 + block.length)
                        .putInt(id)
                        .putInt(0)
                        .putShort((short) 0)
                        .put(block)
                        .array());
    }

    static byte[] block(String... headers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(4).putInt(headers.length / 2).array());
        for (String text : headers) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    byte[] deflate(byte[] plain) {
        if (!deflating) {
            deflating = true;
            deflater.setDictionary(dev.burstlet.serve.stream.SpdyWords.dictionary());
        }
        deflater.setInput(plain);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] part = new byte[4096];
        int length;
        do {
            length = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
            out.write(part, 0, length);
        } while (length == part.length);
        return out.toByteArray();
    }

    void data(int id, byte[] bytes, boolean last) throws IOException {
        send(
                ByteBuffer.allocate(8 + bytes.length)
                        .putInt(id)
                        .putInt((last ? 1 << 24 : 0) | bytes.length)
                        .put(bytes)
                        .array());
    }

    void data(int id, String text, boolean last) throws IOException {
        data(id, text.getBytes(StandardCharsets.UTF_8), last);
    }

    /** The next SPDY frame. */
    Frame frame() throws IOException {
        int word = in.readInt();
        int rest = in.readInt();
        byte[] body = in.readNBytes(rest & 0xffffff);
        return new Frame(word, rest >>> 24, body);
    }

    /** Reads data frames until each of the streams has ended; what they said, by stream. */
    Map<Integer, String> drain(Integer... streams) throws IOException {
        Map<Integer, ByteArrayOutputStream> said = new TreeMap<>();
        java.util.Set<Integer> open = new java.util.HashSet<>(java.util.List.of(streams));
        while (!open.isEmpty()) {
            Frame frame = frame();
            if (frame.word() >= 0) {
                said.computeIfAbsent(frame.word(), _ -> new ByteArrayOutputStream())
                        .writeBytes(frame.body());
                if ((frame.flags() & 1) != 0) {
                    open.remove(frame.word());
                }
            }
        }
        Map<Integer, String> texts = new TreeMap<>();
        said.forEach((id, bytes) -> texts.put(id, bytes.toString(StandardCharsets.UTF_8)));
        return texts;
    }

    // WebSocket

    void message(int opcode, byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(14 + bytes.length).put((byte) (0x80 | opcode));
        if (bytes.length < 126) {
            out.put((byte) (0x80 | bytes.length));
        } else if (bytes.length < 65_536) {
            out.put((byte) (0x80 | 126)).putShort((short) bytes.length);
        } else {
            out.put((byte) (0x80 | 127)).putLong(bytes.length);
        }
        out.putInt(0).put(bytes);
        send(java.util.Arrays.copyOf(out.array(), out.position()));
    }

    void channel(int number, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        message(2, ByteBuffer.allocate(1 + bytes.length).put((byte) number).put(bytes).array());
    }

    /** The next WebSocket frame: opcode and payload. */
    Message message() throws IOException {
        int opcode = in.readUnsignedByte() & 0xf;
        long length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        return new Message(opcode, in.readNBytes((int) length));
    }

    /** What all channels said until the close message, by channel. */
    Map<Integer, String> messages() throws IOException {
        Map<Integer, StringBuilder> said = new TreeMap<>();
        for (Message next = message(); next.opcode() != 8; next = message()) {
            if (next.opcode() == 1 || next.opcode() == 2) {
                int number = next.opcode() == 1 ? next.body()[0] - '0' : next.body()[0];
                said.computeIfAbsent(number, _ -> new StringBuilder())
                        .append(
                                new String(
                                        next.body(),
                                        1,
                                        next.body().length - 1,
                                        StandardCharsets.UTF_8));
            }
        }
        Map<Integer, String> texts = new TreeMap<>();
        said.forEach((number, text) -> texts.put(number, text.toString()));
        return texts;
    }

    /** Whether the server closes, whatever it still says. */
    boolean closedByServer() {
        try {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        deflater.end();
        socket.close();
    }

    record Head(int status, Map<String, String> headers) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Frame(int word, int flags, byte[] body) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Message(int opcode, byte[] body) {}
}
