package dev.burstlet.serve.stream;

/** A client breaks its protocol; its connection ends. */
final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedFrameException(String message) {
        super(message, null, false, false);
    }
}
