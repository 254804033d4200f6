package dev.burstlet.serve.tls;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/** Keys and names of the certificates that are made here. */
final class KeyPairs {
    static final String SIGNATURE = "SHA256withECDSA";

    private KeyPairs() {}

    static KeyPair ecdsaP256() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static X500Name subject(NodeNames names) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "system:nodes")
                .addRDN(BCStyle.CN, "system:node:" + names.nodeName())
                .build();
    }

    static GeneralNames alternatives(NodeNames names) {
        List<GeneralName> all = new ArrayList<>();
        names.dnsNames().forEach(dns -> all.add(new GeneralName(GeneralName.dNSName, dns)));
        names.ips().forEach(ip -> all.add(new GeneralName(GeneralName.iPAddress, ip)));
        return new GeneralNames(all.toArray(GeneralName[]::new));
    }

    /** Whether a certificate is this node's, with all its present addresses. */
    static boolean covers(X509Certificate leaf, NodeNames names) throws IOException {
        try {
            X500Name subject = X500Name.getInstance(leaf.getSubjectX500Principal().getEncoded());
            Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
            Set<String> covered =
                    (alternatives == null ? List.<List<?>>of() : alternatives)
                            .stream().map(one -> String.valueOf(one.get(1))).collect(toSet());
            return subject.equals(subject(names))
                    && covered.containsAll(names.ips())
                    && covered.containsAll(names.dnsNames());
        } catch (CertificateParsingException e) {
            throw new IOException(e);
        }
    }
}
