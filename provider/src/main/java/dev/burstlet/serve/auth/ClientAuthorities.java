package dev.burstlet.serve.auth;

import java.security.cert.X509Certificate;
import java.util.List;

/** The certificate authorities whose client certificates are believed, as they are now. */
@FunctionalInterface
public interface ClientAuthorities {
    /** Never blocks for long: asked at each handshake and each request. */
    List<X509Certificate> current();

    /** Nobody's certificates are believed. */
    static ClientAuthorities none() {
        return List::of;
    }
}
