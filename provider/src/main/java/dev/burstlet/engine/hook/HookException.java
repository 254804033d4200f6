package dev.burstlet.engine.hook;

/** A hook failed; the message is fit for an event and holds nothing of the environment. */
public final class HookException extends Exception {
    private static final long serialVersionUID = 1L;

    public HookException(String message) {
        super(message);
    }
}
