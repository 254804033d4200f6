package dev.burstlet.docker.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class EngineClientTest {
    private static final EngineRequest REQUEST = EngineRequest.get("/containers/json");

    private WireMockServer engine = new WireMockServer(wireMockConfig().dynamicPort());

    @BeforeEach
    void start() {
        engine.start();
        speak("1.12", "1.41");
    }

    @AfterEach
    void stop() {
        engine.stop();
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(400, Reason.INVALID),
                Arguments.of(404, Reason.NOT_FOUND),
                Arguments.of(409, Reason.CONFLICT),
                Arguments.of(500, Reason.ENGINE),
                Arguments.of(501, Reason.UNSUPPORTED),
                Arguments.of(504, Reason.UNAVAILABLE));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void statusBecomesReasonAndTheEnginesWordsAreKept(int status, Reason reason) {
        String words = "{\"message\":\"driver failed\"}";
        answer(aResponse().withStatus(status).withBody(words));

        BackendException failure = failure(client(5000));

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure).hasMessage("Docker host test: driver failed");
    }

    @Test
    void brokenConnectionIsUnavailable() {
        answer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

        assertThat(failure(client(5000)).reason()).isEqualTo(Reason.UNAVAILABLE);
    }

    @Test
    void emptyAnswerIsUnavailable() {
        answer(aResponse().withFault(Fault.EMPTY_RESPONSE));

        assertThat(failure(client(5000)).reason()).isEqualTo(Reason.UNAVAILABLE);
    }

    @Test
    void garbageInsteadOfHttpIsUnavailable() {
        answer(aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE));

        assertThat(failure(client(5000)).reason()).isIn(Reason.UNAVAILABLE, Reason.ENGINE);
    }

    @Test
    void garbageInsteadOfJsonIsTheEnginesFault() {
        answer(aResponse().withStatus(200).withBody("<html>proxy</html>"));

        BackendException failure = failure(client(5000));

        assertThat(failure.reason()).isEqualTo(Reason.ENGINE);
        assertThat(failure).hasMessageContaining("not JSON");
    }

    @Test
    void slowAnswerIsGivenUpAtTheDeadline() {
        answer(okJson("[]").withFixedDelay(20_000));
        EngineClient client = client(5000);
        client.version();

        BackendException failure =
                catchThrowableOfType(
                        BackendException.class,
                        () -> client.call(Budget.QUERY, Duration.ofMillis(200), REQUEST));

        assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(failure).hasMessage("Docker host test did not answer within 200 ms");
    }

    @Test
    void silentUnixSocketIsGivenUpAtTheDeadline(@TempDir Path directory) throws Exception {
        Path socket = directory.resolve("docker.sock");
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(socket));
            EngineClient client = open("unix://" + socket, 200);

            assertThat(failure(client).reason()).isEqualTo(Reason.TIMEOUT);
        }
    }

    @Test
    void closedPortIsUnavailableAndNamesTheHost() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        BackendException failure = failure(open("tcp://127.0.0.1:" + port, 5000));

        assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(failure).hasMessageStartingWith("Docker host test cannot be reached");
    }

    @Test
    void stuckCallsOfOneBudgetLeaveTheOthersAlone() throws Exception {
        answer(okJson("[]"));
        EngineClient client = client(5000);
        CountDownLatch stuck = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            Thread.ofVirtual()
                    .start(() ->
                            client.run(
                                    Budget.LIFECYCLE,
                                    () -> {
                                        stuck.countDown();
                                        end.await();
                                        return true;
                                    }));
        }
        stuck.await();

        assertThat(client.call(Budget.QUERY, REQUEST)).isEmpty();
        end.countDown();
    }

    @Test
    void interruptedCallerGivesTheCallUp() {
        answer(okJson("[]").withFixedDelay(20_000));
        EngineClient client = client(25_000);
        client.version();
        CompletableFuture<BackendException> failure = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> failure.complete(failure(client)));

        caller.interrupt();

        assertThat(failure.join()).hasMessageContaining("given up");
        assertThat(failure.join().reason()).isEqualTo(Reason.UNAVAILABLE);
    }

    @Test
    void versionIsTheNewestThatBothSpeak() {
        assertThat(client(5000).version()).hasToString("1.41");

        speak("1.44", "1.99");
        assertThat(client(5000).version()).isEqualTo(ApiVersion.NEWEST);
    }

    @Test
    void engineThatIsTooOldOrTooNewIsRefused() {
        speak("1.12", "1.40");
        assertThatThrownBy(() -> client(5000).version())
                .hasMessageContaining("1.40 is too old: 1.41 (Docker 20.10)");

        speak("1.98", "1.99");
        assertThatThrownBy(() -> client(5000).version()).hasMessageContaining("1.98 or newer");
    }

    @Test
    void requestIsMadeInTheNegotiatedVersion() {
        engine.stubFor(
                get(urlEqualTo("/v1.41/containers/json")).willReturn(okJson("[{\"Id\":\"a\"}]")));

        assertThat(client(5000).call(Budget.QUERY, REQUEST).path(0).path("Id").asText())
                .isEqualTo("a");
    }

    private void speak(String minimum, String maximum) {
        String version =
                "{\"ApiVersion\":\"%s\",\"MinAPIVersion\":\"%s\"}".formatted(maximum, minimum);
        engine.stubFor(get(urlEqualTo("/version")).atPriority(1).willReturn(okJson(version)));
    }

    private void answer(ResponseDefinitionBuilder answer) {
        engine.stubFor(any(anyUrl()).atPriority(9).willReturn(answer));
    }

    private EngineClient client(int timeoutMillis) {
        return open("tcp://127.0.0.1:" + engine.port(), timeoutMillis);
    }

    private static EngineClient open(String endpoint, int timeoutMillis) {
        boolean insecure = endpoint.startsWith("tcp");
        Duration timeout = Duration.ofMillis(timeoutMillis);
        return new EngineClient(
                new EngineSettings("test", endpoint, null, insecure, timeout, 2, Map.of()));
    }

    private static BackendException failure(EngineClient client) {
        return catchThrowableOfType(
                BackendException.class, () -> client.call(Budget.QUERY, REQUEST));
    }
}
