package dev.burstlet.serve.auth;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Certificates in PEM. */
public final class Certificates {
    private Certificates() {}

    /** All certificates of a PEM text, in their order. */
    public static List<X509Certificate> parse(String pem) throws IOException {
        List<X509Certificate> parsed = new ArrayList<>();
        try {
            ByteArrayInputStream in =
                    new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                parsed.add((X509Certificate) certificate);
            }
        } catch (CertificateException e) {
            throw new IOException("not certificates in PEM: " + e.getMessage(), e);
        }
        if (parsed.isEmpty()) {
            throw new IOException("no certificate in PEM");
        }
        return parsed;
    }
}
