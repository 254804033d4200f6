package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import java.util.List;

/**
 * What a projected volume asks of a bound service account token. Two sources with an equal spec
 * share one token. An empty audience list means the API server's default audience.
 *
 * @param expirationSeconds the lifetime asked for, in seconds; the API server may shorten it
 */
public record TokenSpec(List<String> audiences, long expirationSeconds) {
    private static final long DEFAULT_EXPIRATION_SECONDS = 3600;

    public TokenSpec {
        audiences = List.copyOf(audiences);
    }

    /** What a projected source asks for; an hour unless it says otherwise. */
    public static TokenSpec of(ServiceAccountTokenProjection source) {
        String audience = source.getAudience();
        Long seconds = source.getExpirationSeconds();
        return new TokenSpec(
                audience == null || audience.isEmpty() ? List.of() : List.of(audience),
                seconds == null ? DEFAULT_EXPIRATION_SECONDS : seconds);
    }
}
