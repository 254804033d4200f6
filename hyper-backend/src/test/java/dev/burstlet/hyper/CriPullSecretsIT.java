package dev.burstlet.hyper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.PullRequest;
import dev.burstlet.container.PullRequest.Credential;
import dev.burstlet.pod.BackendException;
import dev.burstlet.testing.PrivateRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that only a login gets, from a real registry through a real runtime. */
class CriPullSecretsIT {
    private static @TempDir Path directory;
    private static TestRuntime runtime;
    private static PrivateRegistry registry;
    private static ContainerEngine engine;
    private static String image;

    @BeforeAll
    static void open() throws IOException {
        runtime = TestRuntime.get();
        registry = PrivateRegistry.start(directory);
        image = registry.address() + "/team/app:1";
        runtime.push(image, PrivateRegistry.USER + ":" + PrivateRegistry.PASSWORD);
        engine = runtime.engine("runc", directory);
    }

    @AfterAll
    static void close() {
        engine.close();
        registry.close();
    }

    /** As the keys of a pull secret are written. */
    @ParameterizedTest
    @ValueSource(strings = {"%s", "http://%s", "https://%s/v1/", "%s/team"})
    void aLoginGetsTheImageHoweverItsServerIsNamed(String server) {
        Credential login =
                new Credential(
                        server.formatted(registry.address()),
                        PrivateRegistry.USER,
                        PrivateRegistry.PASSWORD,
                        "");
        ImageInfo pulled = engine.pullImage(request(List.of(login)));
        engine.removeImage(pulled.id());
    }

    @Test
    void withoutTheRightLoginThereIsNone() {
        assertThatThrownBy(() -> engine.pullImage(request(List.of())))
                .isInstanceOf(BackendException.class);
        Credential wrong = new Credential(registry.address(), PrivateRegistry.USER, "wrong", "");
        assertThatThrownBy(() -> engine.pullImage(request(List.of(wrong))))
                .isInstanceOf(BackendException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .containsIgnoringCase("auth");
        assertThat(engine.imageStatus(image)).isEmpty();
    }

    private static PullRequest request(List<Credential> credentials) {
        return new PullRequest(image, credentials, Duration.ofMinutes(1), "runc");
    }
}
