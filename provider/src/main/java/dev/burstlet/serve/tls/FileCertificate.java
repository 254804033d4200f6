package dev.burstlet.serve.tls;

import dev.burstlet.serve.auth.Certificates;
import dev.burstlet.serve.auth.ReloadedFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
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
        PrivateKey found = privateKey(Files.readString(key), key.toString());
        if (!chain.isEmpty() && !fits(found, chain.getFirst())) {
            // One of the two was replaced already: the pair that there was serves until the other
            // is.
            throw new IOException(key + " is not the key of " + certificates);
        }
        return new ServingIdentity(found, chain);
    }

    private static boolean fits(PrivateKey key, X509Certificate leaf) throws IOException {
        byte[] words = {1, 2, 3};
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC", "ECDSA" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(words);
            byte[] signed = signature.sign();
            signature.initVerify(leaf.getPublicKey());
            signature.update(words);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException e) {
            return false;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("no use for a key of kind " + key.getAlgorithm(), e);
        }
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
