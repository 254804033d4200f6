package dev.burstlet.serve.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A certificate outlives the process, for the node that it is for and while it lasts. */
class CertificateStoreTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final NodeNames NAMES =
            new NodeNames("n1", List.of("127.0.0.1"), List.of("localhost"));

    @Test
    void keepsTheIdentity(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("serving.pem");
        CertificateStore store = new CertificateStore(file);
        assertThat(store.read(NAMES, NOW)).isEmpty();
        ServingIdentity identity =
                new SelfSignedCertificate(NAMES, InstantSource.fixed(NOW)).current();

        store.write(identity);

        assertThat(store.read(NAMES, NOW)).contains(identity);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        NodeNames moved = new NodeNames("n1", List.of("127.0.0.2"), List.of());
        assertThat(store.read(moved, NOW)).isEmpty();
        NodeNames other = new NodeNames("n2", List.of("127.0.0.1"), List.of());
        assertThat(store.read(other, NOW)).isEmpty();
        assertThat(store.read(NAMES, NOW.plus(Duration.ofDays(400)))).isEmpty();
    }
}
