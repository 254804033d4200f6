package dev.burstlet.serve.stream;

/** What a client's SPDY frames say. Called in the connection's event loop. */
interface SpdyEvents {
    /** A new stream with its still compressed headers. */
    void opened(int stream, boolean last, byte[] headers) throws MalformedFrameException;

    void data(int stream, byte[] bytes);

    /** The client sends nothing more on a stream. */
    void ended(int stream);

    void reset(int stream);

    void ping(int id);

    void goneAway();

    /** The connection is closed. */
    void closed();
}
