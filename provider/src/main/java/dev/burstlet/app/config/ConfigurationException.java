package dev.burstlet.app.config;

/** The configuration cannot be right; the message names the key's path and what would be right. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }
}
