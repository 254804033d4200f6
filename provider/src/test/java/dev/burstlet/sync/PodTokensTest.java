package dev.burstlet.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.Reference;
import dev.burstlet.pod.TokenSpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of a pod's tokens by a clock of the test's own, against an API server's answers. */
class PodTokensTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final TokenSpec SPEC = new TokenSpec(List.of("vault"), 3600);
    private static final PodKey POD = new PodKey("shop", "web", "uid-1");

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Instant now = START;
    private volatile boolean failing;
    private volatile boolean found;
    private HttpServer server;
    private KubernetesClient client;
    private Cluster cluster;
    private TokenTurns turns;
    private PodTokens tokens;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        Config config = Config.empty();
        config.setMasterUrl("http://127.0.0.1:" + server.getAddress().getPort());
        client = Cluster.connect(config);
        cluster = new Cluster(client, () -> now);
        turns = new TokenTurns(() -> now);
        tokens = new PodTokens(cluster, POD, "robot", turns, () -> found);
    }

    @AfterEach
    void stop() {
        cluster.close();
        client.close();
        server.stop(0);
    }

    /** Tokens are numbered, and live for as long as asked. */
    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        byte[] answer =
                (failing
                                ? "{\"kind\":\"Status\",\"code\":503,\"message\":\"busy\"}"
                                : "{\"kind\":\"TokenRequest\",\"status\":{\"token\":\"t%d\",\"expirationTimestamp\":\"%s\"}}"
                                        .formatted(requests.size() + 1, now.plusSeconds(3600)))
                        .getBytes(UTF_8);
        if (!failing) {
            requests.add(path + " " + body);
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(failing ? 503 : 201, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private Reference<String> at(Duration age) throws InterruptedException {
        now = START.plus(age);
        return Objects.requireNonNull(tokens.get(Set.of(SPEC)).get(SPEC));
    }

    private static Reference<String> token(String text) {
        return new Reference.Present<>(text);
    }

    @Test
    void aTokenIsBoundToItsPodAndRenewedAtFourFifthsOfItsLife() throws InterruptedException {
        assertThat(at(Duration.ZERO)).isEqualTo(token("t1"));
        assertThat(requests.getFirst())
                .startsWith("/api/v1/namespaces/shop/serviceaccounts/robot/token ")
                .contains("\"audiences\":[\"vault\"]", "\"expirationSeconds\":3600")
                .contains("\"kind\":\"Pod\"", "\"name\":\"web\"", "\"uid\":\"uid-1\"");
        assertThat(tokens.untilRenewal()).isBetween(Duration.ofMinutes(45), Duration.ofMinutes(48));

        assertThat(at(Duration.ofMinutes(44))).isEqualTo(token("t1"));
        assertThat(at(Duration.ofMinutes(48))).isEqualTo(token("t2"));
        assertThat(at(Duration.ofMinutes(48 + 44))).isEqualTo(token("t2"));
        assertThat(at(Duration.ofMinutes(48 + 48))).isEqualTo(token("t3"));
        assertThat(requests).hasSize(3);
    }

    @Test
    void aTokenThatCannotBeRenewedServesUntilItExpires() throws InterruptedException {
        at(Duration.ZERO);
        failing = true;
        assertThat(at(Duration.ofMinutes(59))).isEqualTo(token("t1"));
        assertThat(tokens.untilRenewal()).isEqualTo(Duration.ofSeconds(10));
        assertThat(at(Duration.ofMinutes(60))).isInstanceOf(Reference.Unreadable.class);
        failing = false;
        assertThat(at(Duration.ofMinutes(61))).isEqualTo(token("t2"));
    }

    @Test
    void tokensOfPodsThatWereFoundRunningAreAskedForOneAfterTheOther() throws InterruptedException {
        found = true;
        for (int other = 0; other < 100; other++) {
            turns.take(3600);
        }
        assertThat(tokens.get(Set.of(SPEC))).isEmpty();
        assertThat(requests).isEmpty();
        assertThat(tokens.untilRenewal()).isEqualTo(Duration.ofSeconds(12));
        assertThat(at(Duration.ofSeconds(12))).isEqualTo(token("t1"));
        assertThat(tokens.untilRenewal()).isGreaterThan(Duration.ofMinutes(40));
    }

    @Test
    void aPodThatRunsNoMoreGetsItsTokensAtOnce() throws InterruptedException {
        found = true;
        turns.take(3600);
        assertThat(tokens.get(Set.of(SPEC))).isEmpty();
        found = false;
        assertThat(at(Duration.ZERO)).isEqualTo(token("t1"));
    }

    @Test
    void noTurnIsLaterThanATenthOfATokensLife() {
        for (int pod = 0; pod < 20_000; pod++) {
            assertThat(turns.take(600)).isBetween(START, START.plusSeconds(60));
        }
    }

    @Test
    void renewalsOfManyPodsAreSpread() {
        Instant expiry = START.plus(Duration.ofHours(1));
        List<Instant> renewals =
                java.util.stream.Stream.generate(() -> PodTokens.renewal(START, expiry))
                        .limit(1000)
                        .sorted()
                        .toList();
        assertThat(Duration.between(renewals.getFirst(), renewals.getLast()))
                .isGreaterThan(Duration.ofMinutes(2));
    }
}
