package dev.burstlet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.serve.http.HttpLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands over SPDY, by a client that writes its frames itself. */
class SpdyCommandTest {
    private static final String EXEC = "/exec/default/web/main?";
    private static final String[] ALL = {
        "v5.channel.k8s.io", "v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io"
    };

    private ServerFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ServerFixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void echoesStdinUntilItsEnd() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.spdy(EXEC + "command=cat&input=1&output=1&error=1", ALL);
            WireClient.Head head = client.head();
            assertThat(head.status()).isEqualTo(101);
            assertThat(head.headers()).containsEntry("x-stream-protocol-version", ALL[0]);
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdin");
            client.open(5, "streamtype", "stdout");
            client.open(7, "streamtype", "stderr");
            client.data(3, "hello ", false);
            client.data(3, "world", true);

            Map<Integer, String> said = client.drain(1, 5, 7);

            assertThat(said).containsEntry(5, "hello world").containsEntry(7, "");
            assertThat(said.get(1)).contains("\"status\":\"Success\"");
        }
    }

    @Test
    void answersEachStreamAndEachPing() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.spdy(EXEC + "command=sleep&output=1", ALL).head();
            client.open(1, "streamtype", "error");
            assertThat(client.frame().word()).isEqualTo(0x80030002);
            client.send(new byte[] {(byte) 0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 9});
            WireClient.Frame pong = client.frame();
            assertThat(pong.word()).isEqualTo(0x80030006);
            assertThat(pong.body()).containsExactly(0, 0, 0, 9);
        }
    }

    @Test
    void tellsTheExitCode() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.spdy(EXEC + "command=exit&command=3&output=1", ALL).head();
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdout");
            assertThat(client.drain(1, 3).get(1))
                    .contains("NonZeroExitCode", "\"message\":\"3\"", "\"reason\":\"ExitCode\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"channel.k8s.io", "v2.channel.k8s.io", "v3.channel.k8s.io"})
    void tellsOldClientsInWords(String protocol) throws IOException {
        try (WireClient client = fixture.connect()) {
            client.spdy(EXEC + "command=exit&command=3&output=1", protocol).head();
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdout");
            assertThat(client.drain(1, 3).get(1)).startsWith("command terminated with non-zero");
        }
    }

    @Test
    void tellsWhatCannotBeRun() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.spdy(EXEC + "command=nonsense&output=1", ALL).head();
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdout");
            assertThat(client.drain(1, 3).get(1))
                    .contains("InternalError", "no such executable: nonsense", "\"code\":500");
        }
    }

    @Test
    void passesTheTerminalSize() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.spdy(EXEC + "command=sizes&input=1&output=1&tty=1", ALL).head();
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdin");
            client.open(5, "streamtype", "stdout");
            client.open(7, "streamtype", "resize");
            client.data(7, "{\"Width\":120,\"Height\":40}\n", false);
            assertThat(client.drain(1, 5)).containsEntry(5, "true 120x40");
        }
    }

    @Test
    void refusesUnknownProtocols() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.spdy(EXEC + "command=cat&output=1", "v9.channel.k8s.io");
            assertThat(client.head().status()).isEqualTo(403);
        }
    }

    @Test
    void interruptsTheCommandWhenTheClientGoes() throws Exception {
        try (WireClient client = fixture.connect()) {
            client.spdy(EXEC + "command=sleep&output=1", ALL).head();
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdout");
            assertThat(fixture.pods.begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(fixture.pods.interrupted.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void keepsLittleOfWhatIsNotRead() throws Exception {
        // 40 MB from a command whose reader sleeps, then reads: nothing is lost on the way.
        long bytes = 40L << 20;
        try (WireClient client = fixture.connect()) {
            client.spdy(EXEC + "command=zeros&command=" + bytes + "&output=1", ALL).head();
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdout");
            assertThat(client.drain(1, 3).get(3)).hasSize((int) bytes);
        }
    }

    @Test
    void takesMuchInput() throws Exception {
        int blocks = 640;
        byte[] block = new byte[64 << 10];
        try (WireClient client = fixture.connect()) {
            client.spdy(
                            EXEC
                                    + "command=count&command="
                                    + (long) blocks * block.length
                                    + "&input=1&output=1",
                            ALL)
                    .head();
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdin");
            client.open(5, "streamtype", "stdout");
            for (int i = 0; i < blocks; i++) {
                client.data(3, block, i == blocks - 1);
            }
            assertThat(client.drain(1, 5).get(1)).contains("Success");
        }
    }

    @Test
    void waitsOnlySoLongForStreams() throws Exception {
        try (ServerFixture hasty =
                        new ServerFixture(
                                HttpLimits.DEFAULT,
                                ServerFixture.streams(
                                        Duration.ofHours(1), Duration.ofMillis(200)));
                WireClient client = hasty.connect()) {
            client.spdy(EXEC + "command=cat&input=1&output=1", ALL).head();
            client.open(1, "streamtype", "error");
            assertThat(client.closedByServer()).isTrue();
            assertThat(hasty.pods.asked).isEmpty();
        }
    }

    @Test
    void endsIdleStreams() throws Exception {
        try (ServerFixture hasty =
                        new ServerFixture(
                                HttpLimits.DEFAULT,
                                ServerFixture.streams(
                                        Duration.ofMillis(300), Duration.ofSeconds(10)));
                WireClient client = hasty.connect()) {
            client.spdy(EXEC + "command=sleep&output=1", ALL).head();
            client.open(1, "streamtype", "error");
            client.open(3, "streamtype", "stdout");
            assertThat(client.closedByServer()).isTrue();
            assertThat(hasty.pods.interrupted.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void forwardsPortsByPairs() throws Exception {
        try (WireClient client = fixture.connect()) {
            client.spdy("/portForward/default/web/11-22-33", "portforward.k8s.io");
            assertThat(client.head().status()).isEqualTo(101);
            for (int i = 0; i < 20; i++) {
                String id = Integer.toString(i);
                client.open(4 * i + 1, "streamtype", "error", "port", "80", "requestid", id);
                client.open(4 * i + 3, "streamtype", "data", "port", "80", "requestid", id);
                client.data(4 * i + 1, "", true);
                client.data(4 * i + 3, "hello " + id, true);
                assertThat(client.drain(4 * i + 1, 4 * i + 3))
                        .containsEntry(4 * i + 3, "hello " + id)
                        .containsEntry(4 * i + 1, "");
            }
        }
    }

    @Test
    void tellsThatNothingListens() throws Exception {
        try (WireClient client = fixture.connect()) {
            client.spdy("/portForward/default/web", "portforward.k8s.io").head();
            client.open(1, "streamtype", "error", "port", "81", "requestid", "0");
            client.open(3, "streamtype", "data", "port", "81", "requestid", "0");
            assertThat(client.drain(1, 3).get(1))
                    .contains("error forwarding port 81", "connection refused");
        }
    }
}
