package dev.burstlet.serve.tls;

import dev.burstlet.serve.auth.Certificates;
import dev.burstlet.serve.auth.ReloadedFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** A certificate chain and its key from PEM files, read again when they change. */
public final class FileCertificate implements ServingCertificate {
    private final ReloadedFile<ServingIdentity> file;

    public FileCertificate(Path certificates, Path key, InstantSource clock) throws IOException {
        this.file =
                new ReloadedFile<>(
                        List.of(certificates, key), () -> read(certificates, key), clock);
    }

    @Override
    public ServingIdentity current() {
        return file.get();
    }

    static ServingIdentity read(Path certificates, Path key) throws IOException {
        List<X509Certificate> chain = Certificates.parse(Files.readString(certificates));
        return new ServingIdentity(privateKey(Files.readString(key), key.toString()), chain);
    }

    /** PKCS#8, PKCS#1 and SEC 1 in PEM, unencrypted. */
    static PrivateKey privateKey(String pem, String where) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (part instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
            }
        }
        throw new IOException("no unencrypted private key in " + where);
    }
}
