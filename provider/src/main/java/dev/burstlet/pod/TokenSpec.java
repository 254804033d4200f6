package dev.burstlet.pod;

import java.util.List;

/**
 * What a projected volume asks of a bound service account token. Two sources with an equal spec
 * share one token. An empty audience list means the API server's default audience.
 *
 * @param expirationSeconds the lifetime asked for, in seconds; the API server may shorten it
 */
public record TokenSpec(List<String> audiences, long expirationSeconds) {
    public TokenSpec {
        audiences = List.copyOf(audiences);
    }
}
