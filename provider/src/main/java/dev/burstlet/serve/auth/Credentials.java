package dev.burstlet.serve.auth;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client showed.
 *
 * @param chain its certificate chain, unverified but for the possession of the key; empty for none
 * @param bearerToken the token of the Authorization header, or null
 */
public record Credentials(List<X509Certificate> chain, @Nullable String bearerToken) {
    private static final String SCHEME = "bearer ";

    public Credentials {
        chain = List.copyOf(chain);
    }

    /** Of a certificate chain and the value of the Authorization header. */
    public static Credentials of(List<X509Certificate> chain, @Nullable String authorization) {
        if (authorization == null
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Credentials(chain, null);
        }
        String token = authorization.substring(SCHEME.length()).strip();
        return new Credentials(chain, token.isEmpty() ? null : token);
    }

    /** Never shows the token. */
    @Override
    public String toString() {
        return "Credentials[certificates="
                + chain.size()
                + ", token="
                + (bearerToken != null)
                + "]";
    }
}
