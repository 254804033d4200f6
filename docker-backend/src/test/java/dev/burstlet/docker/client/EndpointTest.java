package dev.burstlet.docker.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.EngineSettings;
import dev.burstlet.container.EngineSettings.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {
    @Test
    void unixSocketNeedsNothingElse() {
        assertThat(Endpoint.of(settings("unix:///run/docker.sock", null, false)))
                .isEqualTo(new Endpoint.Unix(Path.of("/run/docker.sock")));
    }

    @Test
    void plainTcpIsForThoseWhoSaySo() {
        assertThat(Endpoint.of(settings("tcp://host", null, true)))
                .isEqualTo(new Endpoint.Tcp("host", 2375, null));
        assertThatThrownBy(() -> Endpoint.of(settings("tcp://host:2375", null, false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tls: missing")
                .hasMessageContaining("insecure: true");
    }

    @Test
    void missingPemFileIsNamed() {
        Path none = Path.of("/nowhere/ca.pem");

        assertThatThrownBy(() -> Endpoint.of(settings("tcp://h", new Tls(none, none, none), false)))
                .hasMessage("tls.ca: /nowhere/ca.pem cannot be read");
    }

    @ParameterizedTest
    @CsvSource({"http://host", "unix://host", "tcp://", "host:2375", "'not a uri'"})
    void otherEndpointsAreRefusedByKey(String endpoint) {
        assertThatThrownBy(() -> Endpoint.of(settings(endpoint, null, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("endpoint: ");
    }

    private static EngineSettings settings(String endpoint, @Nullable Tls tls, boolean insecure) {
        return new EngineSettings(
                "test", endpoint, tls, insecure, Duration.ofSeconds(5), 2, Map.of());
    }
}
