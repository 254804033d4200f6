package dev.burstlet.serve.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate that signs itself, made anew before it ends. Nobody can verify it: for trials, and
 * until a better one is issued.
 */
public final class SelfSignedCertificate implements ServingCertificate {
    private static final Duration LIFE = Duration.ofDays(365);
    private static final Duration SKEW = Duration.ofHours(1);
    private static final int SERIAL_BITS = 127;

    private final NodeNames names;
    private final InstantSource clock;
    private volatile ServingIdentity identity;

    public SelfSignedCertificate(NodeNames names, InstantSource clock) {
        this.names = names;
        this.clock = clock;
        this.identity = make(names, clock.instant());
    }

    @Override
    public ServingIdentity current() {
        Instant end = identity.leaf().getNotAfter().toInstant();
        if (clock.instant().isAfter(end.minus(LIFE.dividedBy(10)))) {
            identity = make(names, clock.instant());
        }
        return identity;
    }

    private static ServingIdentity make(NodeNames names, Instant now) {
        KeyPair pair = KeyPairs.ecdsaP256();
        X500Name subject = KeyPairs.subject(names);
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        subject,
                        new BigInteger(SERIAL_BITS, new SecureRandom()),
                        Date.from(now.minus(SKEW)),
                        Date.from(now.plus(LIFE)),
                        subject,
                        pair.getPublic());
        try {
            builder.addExtension(
                            Extension.subjectAlternativeName, false, KeyPairs.alternatives(names))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage,
                            false,
                            new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            return new ServingIdentity(
                    pair.getPrivate(),
                    List.of(
                            new JcaX509CertificateConverter()
                                    .getCertificate(
                                            builder.build(
                                                    new JcaContentSignerBuilder(KeyPairs.SIGNATURE)
                                                            .build(pair.getPrivate())))));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }
}
