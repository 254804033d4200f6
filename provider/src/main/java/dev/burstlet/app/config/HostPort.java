package dev.burstlet.app.config;

/**
 * An address to listen on.
 *
 * @param port 0 lets the system choose
 */
public record HostPort(String host, int port) {
    /**
     * Reads {@code HOST:PORT}, {@code [V6]:PORT} or {@code :PORT}; the key is for the error only.
     */
    public static HostPort parse(String key, String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon < 0 || port < 0 || port > 65535) {
                throw new NumberFormatException();
            }
            String host = text.substring(0, colon).replace("[", "").replace("]", "");
            return new HostPort(host.isEmpty() ? "0.0.0.0" : host, port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    key + ": '" + text + "' is not HOST:PORT, as 0.0.0.0:10250 would be", e);
        }
    }
}
