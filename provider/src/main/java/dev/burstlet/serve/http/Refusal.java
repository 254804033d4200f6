package dev.burstlet.serve.http;

/** A request that is answered with an error status and words for the client. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    public Refusal(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }

    public String words() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
