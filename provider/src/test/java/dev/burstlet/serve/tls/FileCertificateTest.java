package dev.burstlet.serve.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate from files that an operator, or a tool of his, replaces. */
class FileCertificateTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private Instant now = Instant.parse("2026-06-01T00:00:00Z");

    private ServingIdentity identity() {
        return new SelfSignedCertificate(
                        new NodeNames("n1", List.of("127.0.0.1"), List.of()),
                        InstantSource.fixed(now))
                .current();
    }

    @Test
    void aReplacedPairIsServedAndHalfOfOneIsNot(@TempDir Path folder) throws IOException {
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        ServingIdentity first = identity();
        write(certificate, first.leaf());
        write(key, first.key());
        FileCertificate served = new FileCertificate(certificate, key, () -> now);
        assertThat(served.current().leaf()).isEqualTo(first.leaf());

        ServingIdentity second = identity();
        write(certificate, second.leaf());
        now = now.plus(SOON);
        assertThat(served.current().leaf()).as("without its key").isEqualTo(first.leaf());

        write(key, second.key());
        now = now.plus(SOON);
        assertThat(served.current().leaf()).isEqualTo(second.leaf());

        Files.writeString(certificate, "no certificate");
        now = now.plus(SOON);
        assertThat(served.current().leaf()).as("spoilt").isEqualTo(second.leaf());
    }

    @Test
    void aPairThatDoesNotFitIsRefused(@TempDir Path folder) throws IOException {
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        write(certificate, identity().leaf());
        write(key, identity().key());

        assertThatThrownBy(() -> new FileCertificate(certificate, key, () -> now))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not the key of");
    }

    private static void write(Path file, Object part) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(
                    part instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : part);
        }
        Files.writeString(file, text.toString());
    }
}
