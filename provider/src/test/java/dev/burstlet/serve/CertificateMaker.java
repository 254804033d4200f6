package dev.burstlet.serve;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate authority for tests. */
final class CertificateMaker {
    private static final Instant NOW = Instant.ofEpochMilli(System.currentTimeMillis());

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final X500Name name;

    /** An authority that there is already. */
    CertificateMaker(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
        this.name = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    CertificateMaker(String name) {
        KeyPair keys = keys();
        this.key = keys.getPrivate();
        this.name = new X500Name("CN=" + name);
        this.certificate = sign(this.name, keys, true, Duration.ofDays(1), null);
    }

    X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    /** A client's certificate; a negative life has ended already. */
    Issued client(String user, String group, Duration life) {
        KeyPair own = keys();
        X500Name subject = new X500Name("O=" + group + ",CN=" + user);
        return new Issued(
                own.getPrivate(),
                List.of(sign(subject, own, false, life, KeyPurposeId.id_kp_clientAuth)));
    }

    /** A certificate that is for servers alone. */
    Issued server(String user) {
        KeyPair own = keys();
        X500Name subject = new X500Name("CN=" + user);
        return new Issued(
                own.getPrivate(),
                List.of(
                        sign(
                                subject,
                                own,
                                false,
                                Duration.ofDays(1),
                                KeyPurposeId.id_kp_serverAuth)));
    }

    /** Signs a public key, as a cluster's signer would. */
    X509Certificate sign(
            X500Name subject,
            KeyPair of,
            boolean authority,
            Duration life,
            @Nullable KeyPurposeId purpose) {
        return sign(subject, of.getPublic(), authority, life, purpose);
    }

    X509Certificate sign(
            X500Name subject,
            java.security.PublicKey of,
            boolean authority,
            Duration life,
            @Nullable KeyPurposeId purpose) {
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        name,
                        new BigInteger(100, new SecureRandom()),
                        Date.from(NOW.minus(Duration.ofDays(2))),
                        Date.from(NOW.plus(life)),
                        subject,
                        of);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (purpose != null) {
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder(
                                                    key.getAlgorithm().equals("RSA")
                                                            ? "SHA256withRSA"
                                                            : "SHA256withECDSA")
                                            .build(key)));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client's TLS that shows a certificate, or none, and takes any server. */
    static SSLContext clientContext(@Nullable Issued client) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    client == null ? null : keyManagers(client),
                    new TrustManager[] {new AnyServer()},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager[] keyManagers(Issued client) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "client",
                    client.key(),
                    new char[0],
                    client.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, new char[0]);
            return factory.getKeyManagers();
        } catch (java.io.IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** A key and its certificate. */
    record Issued(PrivateKey key, List<X509Certificate> chain) {
        Issued {
            chain = List.copyOf(chain);
        }
    }

    private static final class AnyServer implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
