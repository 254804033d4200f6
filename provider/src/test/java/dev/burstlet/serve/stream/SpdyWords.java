package dev.burstlet.serve.stream;

/** The dictionary, for clients in tests. */
public final class SpdyWords {
    private SpdyWords() {}

    public static byte[] dictionary() {
        return SpdyDictionary.BYTES.clone();
    }
}
