package dev.burstlet.serve.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.serve.auth.FileAuthorities;
import dev.burstlet.testing.ControlPlane;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A serving certificate that a real cluster signs, and signs again before it ends. */
@ExtendWith(ControlPlaneExtension.class)
class ServingCertificateIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final NodeNames NAMES =
            new NodeNames("signed-1", List.of("127.0.0.1"), List.of("signed-1.example"));

    @Test
    void theClusterSignsItAndAgainBeforeItEnds(ControlPlane controlPlane) throws Exception {
        InstantSource system = InstantSource.system();
        X509Certificate authority =
                new FileAuthorities(controlPlane.authority(), system).current().getFirst();
        // Ninety of a hundred parts of its life are over, until a second one is there.
        AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ofDays(329));
        try (KubernetesClient client = Cluster.connect(controlPlane.admin());
                CsrCertificate served =
                        new CsrCertificate(
                                client, NAMES, () -> system.instant().plus(ahead.get()), null)) {
            assertThat(served.current().leaf().getIssuerX500Principal().getName())
                    .as("meanwhile its own")
                    .contains("signed-1");
            await().atMost(PATIENCE).until(served::ready);
            X509Certificate first = served.current().leaf();

            await().atMost(PATIENCE).until(() -> !served.current().leaf().equals(first));

            ahead.set(Duration.ZERO);
            X509Certificate second = served.current().leaf();
            for (X509Certificate one : List.of(first, second)) {
                one.verify(authority.getPublicKey());
                assertThat(one.getSubjectX500Principal().getName())
                        .contains("CN=system:node:signed-1")
                        .contains("O=system:nodes");
                assertThat(one.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
                assertThat(one.getSubjectAlternativeNames().toString())
                        .contains("127.0.0.1")
                        .contains("signed-1.example");
            }
            assertThat(second.getPublicKey()).as("a new key").isNotEqualTo(first.getPublicKey());
        }
    }
}
