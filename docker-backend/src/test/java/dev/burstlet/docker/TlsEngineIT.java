package dev.burstlet.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.EngineSettings;
import dev.burstlet.container.EngineSettings.Tls;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.container.TestIo;
import dev.burstlet.container.Workbench;
import dev.burstlet.docker.client.Budget;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.docker.client.EngineRequest;
import dev.burstlet.docker.testing.Subnets;
import dev.burstlet.docker.testing.TlsFront;
import dev.burstlet.docker.translate.Names;
import dev.burstlet.pod.BackendException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Docker Engine over TLS with certificates of both sides. */
class TlsEngineIT {
    private static final Path SOCKET = Path.of("/var/run/docker.sock");

    private final Owner owner = new Owner(UUID.randomUUID().toString(), "docker-tls");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private TlsFront front;

    @BeforeEach
    void open() {
        DockerImages.load();
        front = new TlsFront(SOCKET, folder);
    }

    @AfterEach
    void close() {
        front.close();
    }

    @Test
    void callsEventsAndStreamsGoOverTls() throws Exception {
        try (DockerEngine engine = new DockerEngine(settings("client"), InstantSource.system())) {
            assertThat(engine.info().scheme()).isEqualTo("docker");
            engine.ensureNetwork(new NetworkSpec(owner, Subnets.next(), null));
            // As of any host that is not this machine, it is read in a container there.
            assertThat(engine.info().diskBytes()).isGreaterThan(1 << 30);
            Workbench bench = Workbench.of(engine, DockerImages.BUSYBOX, owner);
            try {
                String id = bench.pod().run().idle("c");
                TestIo io = TestIo.typing("over tls");
                int exit = engine.exec(id, List.of("cat"), io);
                assertThat(exit).isZero();
                assertThat(io.out()).isEqualTo("over tls");
            } finally {
                bench.clear();
                removeNetwork();
            }
        }
    }

    @Test
    void renewedFilesAreUsedForTheNextConnection() throws Exception {
        front.client("next");
        Files.copy(folder.resolve("client.pem"), folder.resolve("now.pem"));
        Files.writeString(
                folder.resolve("now.key"), Files.readString(folder.resolve("client.key")));
        try (DockerEngine engine = new DockerEngine(settings("now"), InstantSource.system())) {
            assertThat(engine.info().scheme()).isEqualTo("docker");
            Files.writeString(
                    folder.resolve("now.pem"), Files.readString(folder.resolve("next.pem")));
            Files.writeString(
                    folder.resolve("now.key"), Files.readString(folder.resolve("next.key")));
            assertThat(engine.info().scheme()).isEqualTo("docker");
        }
    }

    @Test
    void aStrangersAuthorityIsRefusedInWords() {
        TlsFront stranger = new TlsFront(SOCKET, subfolder());
        try (stranger;
                DockerEngine engine =
                        new DockerEngine(
                                settings("client", stranger.port()), InstantSource.system())) {
            assertThatThrownBy(engine::info)
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("host tls");
        }
    }

    private Path subfolder() {
        Path other = folder.resolve("other");
        assertThat(other.toFile().mkdir()).isTrue();
        return other;
    }

    private void removeNetwork() {
        try (EngineClient client = new EngineClient(DockerImages.settings())) {
            client.call(
                    Budget.LIFECYCLE, EngineRequest.delete("/networks/" + Names.network(owner)));
        }
    }

    private EngineSettings settings(String client) {
        return settings(client, front.port());
    }

    private EngineSettings settings(String client, int port) {
        return new EngineSettings(
                "tls",
                "tcp://127.0.0.1:" + port,
                new Tls(
                        folder.resolve("ca.pem"),
                        folder.resolve(client + ".pem"),
                        folder.resolve(client + ".key")),
                false,
                Duration.ofSeconds(10),
                8,
                Map.of());
    }
}
