package dev.burstlet.container.memory.shell;

/** A script that is not in the language. */
public final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SyntaxException(String message) {
        super(message);
    }
}
