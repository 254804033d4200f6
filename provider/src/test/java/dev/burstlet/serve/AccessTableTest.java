package dev.burstlet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every path by every method as everybody: nothing is answered that should not be. */
class AccessTableTest {
    private static @Nullable ServerFixture fixture;

    @BeforeAll
    static void start() throws IOException {
        fixture = new ServerFixture();
    }

    @AfterAll
    static void stop() {
        fixture().close();
    }

    private static ServerFixture fixture() {
        if (fixture == null) {
            throw new IllegalStateException("not started");
        }
        return fixture;
    }

    static List<String> paths() {
        return AccessTable.paths();
    }

    @ParameterizedTest
    @MethodSource("paths")
    void unknownPeopleGetNothing(String path) throws IOException {
        for (String method : List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS")) {
            assertThat(status(null, method, path, "")).isEqualTo(401);
            assertThat(status(null, method, path, "made-up")).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void badCertificatesAreNobody(String path) throws IOException {
        CertificateMaker authority = fixture().authority;
        Duration day = Duration.ofDays(1);
        List<CertificateMaker.Issued> bad =
                List.of(
                        new CertificateMaker("the authority").client("admin", "x", day),
                        authority.client("admin", "x", Duration.ofDays(-1)),
                        authority.server("admin"));
        for (CertificateMaker.Issued one : bad) {
            assertThat(status(one, "GET", path, "")).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void knownPeopleWithoutRightsGetNothing(String path) throws IOException {
        CertificateMaker.Issued nobody =
                fixture().authority.client("nobody", "x", Duration.ofDays(1));
        for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
            assertThat(status(null, method, path, ServerFixture.NOBODY)).isEqualTo(403);
            assertThat(status(nobody, method, path, "")).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void metricsReadersGetMetricsAlone(String path) throws IOException {
        int[] admin = AccessTable.admin(path);
        boolean metrics = path.startsWith("/metrics");
        assertThat(status(null, "GET", path, ServerFixture.METRICS))
                .isEqualTo(metrics ? admin[0] : 403);
        assertThat(status(null, "POST", path, ServerFixture.METRICS)).isEqualTo(403);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void readersRunNothing(String path) throws IOException {
        int[] admin = AccessTable.admin(path);
        boolean acting = AccessTable.acting(path);
        assertThat(status(null, "GET", path, ServerFixture.READER))
                .isEqualTo(acting ? 403 : admin[0]);
        assertThat(status(null, "POST", path, ServerFixture.READER)).isEqualTo(403);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void adminsGetAllThereIs(String path) throws IOException {
        int[] expected = AccessTable.admin(path);
        CertificateMaker.Issued admin =
                fixture().authority.client("admin", "x", Duration.ofDays(1));
        assertThat(status(admin, "GET", path, "")).isEqualTo(expected[0]);
        assertThat(status(null, "POST", path, ServerFixture.ADMIN)).isEqualTo(expected[1]);
    }

    @Test
    void oddPathsReachNothing() throws IOException {
        List<Integer> answers = new ArrayList<>();
        for (String path :
                List.of(
                        "/metrics/../exec/default/web/main",
                        "/metrics/%2e%2e/pods",
                        "//pods",
                        "/metrics%2f..%2fpods",
                        "/pods%00",
                        "*",
                        "http://n1/pods")) {
            answers.add(status(null, "GET", path, ServerFixture.METRICS));
        }
        assertThat(answers).doesNotContain(200);
    }

    private static int status(
            CertificateMaker.@Nullable Issued certificate, String method, String path, String token)
            throws IOException {
        try (WireClient client = fixture().connect(certificate)) {
            return client.request(method, path, token, "Content-Length: 0").head().status();
        }
    }
}
