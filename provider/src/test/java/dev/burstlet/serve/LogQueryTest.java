package dev.burstlet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The query of a log request, option by option, and the end of a followed log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogQueryTest {
    private static final String LOGS = "/containerLogs/default/web/main?";

    private ServerFixture fixture;

    @BeforeAll
    void start() throws IOException {
        fixture = new ServerFixture();
    }

    @AfterAll
    void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "tailLines=3 tailLines=3",
                "tailLines=0 tailLines=0",
                "tailLines=all tailLines=null",
                "limitBytes=10 limitBytes=10",
                "timestamps=true timestamps=true",
                "timestamps timestamps=true",
                "timestamps=0 timestamps=false",
                "sinceTime=2026-01-02T03:04:05Z since=2026-01-02T03:04:05Z",
                "sinceTime=2026-01-02T03:04:05.6%2B01:00 since=2026-01-02T02:04:05.600Z",
                "stream=Stdout source=STDOUT",
                "stream=Stderr source=STDERR",
                "stream=All source=ALL",
                "stream= source=ALL"
            })
    void optionsReachTheHost(String query, String asked) throws Exception {
        assertThat(status(query)).isEqualTo(200);
        assertThat(fixture.pods.asked.poll(10, TimeUnit.SECONDS))
                .startsWith("logs main ")
                .contains(asked);
    }

    @ParameterizedTest
    @CsvSource({
        "tailLines=-1, 422",
        "limitBytes=0, 422",
        "limitBytes=x, 400",
        "sinceSeconds=0, 422",
        "sinceSeconds=1&sinceTime=2026-01-02T03:04:05Z, 422",
        "sinceTime=yesterday, 400",
        "follow=perhaps, 400",
        "stream=Stdin, 422",
        "stream=Stdout&tailLines=1, 422",
        "previous=true, 400"
    })
    void whatCannotBeIsRefused(String query, int expected) throws IOException {
        assertThat(status(query)).isEqualTo(expected);
        fixture.pods.asked.clear();
    }

    @Test
    void aFollowedLogEndsWithItsClient() throws Exception {
        try (WireClient client = fixture.connect()) {
            WireClient.Head head =
                    client.request("GET", LOGS + "follow=true", ServerFixture.ADMIN).head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(new String(client.chunk(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("a line\n");
        }
        assertThat(fixture.pods.interrupted.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        fixture.pods.asked.clear();
    }

    private int status(String query) throws IOException {
        try (WireClient client = fixture.connect()) {
            return client.request("GET", LOGS + query, ServerFixture.ADMIN).head().status();
        }
    }
}
