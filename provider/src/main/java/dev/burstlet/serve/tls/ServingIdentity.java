package dev.burstlet.serve.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** A private key and the certificate chain for it, the leaf first. */
public record ServingIdentity(PrivateKey key, List<X509Certificate> chain) {
    public ServingIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("no certificate");
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "ServingIdentity[" + leaf().getSubjectX500Principal() + "]";
    }
}
