package dev.burstlet.serve.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's issued certificate and key in one file that its owner alone may read, replaced as a
 * whole.
 */
public final class CertificateStore {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateStore.class);

    private final Path file;

    public CertificateStore(Path file) {
        this.file = file;
    }

    /** What is there, if it is this node's with the same addresses and not over. */
    Optional<ServingIdentity> read(NodeNames names, Instant now) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            ServingIdentity identity = FileCertificate.read(file, file);
            return fits(identity.leaf(), names, now) ? Optional.of(identity) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} cannot be used: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    void write(ServingIdentity identity) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (X509Certificate certificate : identity.chain()) {
                writer.writeObject(certificate);
            }
            writer.writeObject(new JcaPKCS8Generator(identity.key(), null));
        }
        Path fresh =
                Files.createTempFile(
                        file.toAbsolutePath().getParent(),
                        ".serving",
                        ".pem",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text.toString());
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean fits(X509Certificate leaf, NodeNames names, Instant now)
            throws IOException {
        return now.isBefore(leaf.getNotAfter().toInstant()) && KeyPairs.covers(leaf, names);
    }
}
