package dev.burstlet.hyper.stream;

import java.io.IOException;
import java.io.InputStream;

/** One of a connection's streams, opened by us. */
final class SpdyStream {
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final byte[] NOTHING = new byte[0];

    private final SpdyConnection connection;
    private final int id;
    private final Sink sink;
    private volatile boolean ended;

    SpdyStream(SpdyConnection connection, int id, Sink sink) {
        this.connection = connection;
        this.id = id;
        this.sink = sink;
    }

    int id() {
        return id;
    }

    /** Whether the server will send nothing more on it. */
    boolean ended() {
        return ended;
    }

    void send(byte[] bytes) throws IOException {
        connection.sendData(id, bytes, 0, bytes.length, false);
    }

    /** Ends our direction; the server's goes on. */
    void finish() throws IOException {
        connection.sendData(id, NOTHING, 0, 0, true);
    }

    /** Copies to the end and passes that on. */
    void sendAll(InputStream from) throws IOException {
        byte[] buffer = new byte[CHUNK_BYTES];
        int count;
        while ((count = from.read(buffer)) >= 0) {
            if (count > 0) {
                connection.sendData(id, buffer, 0, count, false);
            }
        }
        finish();
    }

    void receive(byte[] bytes) throws IOException {
        sink.data(bytes);
    }

    void end() throws IOException {
        if (!ended) {
            ended = true;
            sink.end();
        }
    }

    /** Where a stream's data goes; called by the connection's reader. */
    interface Sink {
        void data(byte[] bytes) throws IOException;

        default void end() throws IOException {}
    }
}
