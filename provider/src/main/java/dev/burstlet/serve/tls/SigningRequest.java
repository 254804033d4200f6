package dev.burstlet.serve.tls;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * One CertificateSigningRequest for kubernetes.io/kubelet-serving, from its creation to the issued
 * certificate (Kubernetes docs, "Certificate Signing Requests").
 */
final class SigningRequest {
    private static final String SIGNER = "kubernetes.io/kubelet-serving";
    private static final Duration FIRST_LOOK = Duration.ofMillis(250);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final KubernetesClient client;
    private final NodeNames names;

    SigningRequest(KubernetesClient client, NodeNames names) {
        this.client = client;
        this.names = names;
    }

    /**
     * Asks and waits for approval; returns the certificates in PEM.
     *
     * @throws IOException where it was denied, failed, deleted, or left lying for a quarter of an
     *     hour
     */
    String sign(KeyPair pair) throws IOException, InterruptedException {
        CertificateSigningRequest asked =
                new CertificateSigningRequestBuilder()
                        .withNewMetadata()
                        .withGenerateName("csr-")
                        .endMetadata()
                        .withNewSpec()
                        .withSignerName(SIGNER)
                        .withRequest(Base64.getEncoder().encodeToString(pem(pair)))
                        .withUsages("digital signature", "server auth")
                        .endSpec()
                        .build();
        String name =
                client.certificates()
                        .v1()
                        .certificateSigningRequests()
                        .resource(asked)
                        .create()
                        .getMetadata()
                        .getName();
        return await(name);
    }

    private String await(String name) throws IOException, InterruptedException {
        Duration wait = FIRST_LOOK;
        for (Duration waited = Duration.ZERO;
                waited.compareTo(PATIENCE) < 0;
                waited = waited.plus(wait)) {
            Thread.sleep(wait);
            Optional<String> certificate = look(name);
            if (certificate.isPresent()) {
                return certificate.get();
            }
            Duration longer = wait.multipliedBy(2);
            wait = longer.compareTo(LONGEST_LOOK) < 0 ? longer : LONGEST_LOOK;
        }
        throw new IOException(
                "CertificateSigningRequest " + name + " was not approved and issued in time");
    }

    private Optional<String> look(String name) throws IOException {
        CertificateSigningRequest seen;
        try {
            seen = client.certificates().v1().certificateSigningRequests().withName(name).get();
        } catch (KubernetesClientException e) {
            // The next look may succeed; the request lies where it is.
            return Optional.empty();
        }
        if (seen == null) {
            throw new IOException("CertificateSigningRequest " + name + " was deleted");
        }
        CertificateSigningRequestStatus status = seen.getStatus();
        if (status == null) {
            return Optional.empty();
        }
        for (CertificateSigningRequestCondition condition : status.getConditions()) {
            if (condition.getType().equals("Denied") || condition.getType().equals("Failed")) {
                throw new IOException(
                        "CertificateSigningRequest "
                                + name
                                + ": "
                                + condition.getType()
                                + ": "
                                + condition.getMessage());
            }
        }
        String encoded = status.getCertificate();
        return encoded == null || encoded.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII));
    }

    private byte[] pem(KeyPair pair) throws IOException {
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(
                    Extension.subjectAlternativeName, false, KeyPairs.alternatives(names));
            PKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequestBuilder(
                                    KeyPairs.subject(names), pair.getPublic())
                            .addAttribute(
                                    PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                                    extensions.generate())
                            .build(
                                    new JcaContentSignerBuilder(KeyPairs.SIGNATURE)
                                            .build(pair.getPrivate()));
            StringWriter text = new StringWriter();
            try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
                writer.writeObject(request);
            }
            return text.toString().getBytes(StandardCharsets.US_ASCII);
        } catch (OperatorCreationException e) {
            throw new IOException("cannot make a signing request", e);
        }
    }
}
