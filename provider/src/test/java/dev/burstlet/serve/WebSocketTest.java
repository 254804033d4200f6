package dev.burstlet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands and port-forwards over WebSocket. */
class WebSocketTest {
    private static final String EXEC = "/exec/default/web/main?";

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
    void echoesUntilTheHalfClose() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.webSocket(EXEC + "command=cat&input=1&output=1", "v5.channel.k8s.io");
            WireClient.Head head = client.head();
            assertThat(head.status()).isEqualTo(101);
            assertThat(head.headers())
                    .containsEntry("sec-websocket-protocol", "v5.channel.k8s.io")
                    .containsEntry("sec-websocket-accept", "ICX+Yqv66kxgM0FcWaLWlFLwTAI=");
            client.channel(0, "hello");
            client.message(2, new byte[] {(byte) 255, 0});
            Map<Integer, String> said = client.messages();
            assertThat(said).containsEntry(1, "hello");
            assertThat(said.get(3)).contains("Success");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "channel.k8s.io", "v4.channel.k8s.io", "v5.channel.k8s.io"})
    void tellsBothOutputs(String protocol) throws IOException {
        try (WireClient client = fixture.connect()) {
            client.webSocket(EXEC + "command=both&output=1&error=1", protocol).head();
            assertThat(client.messages()).containsEntry(1, "out").containsEntry(2, "err");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"base64.channel.k8s.io", "v4.base64.channel.k8s.io"})
    void speaksBase64(String protocol) throws IOException {
        try (WireClient client = fixture.connect()) {
            client.webSocket(EXEC + "command=both&output=1&error=1", protocol).head();
            assertThat(client.messages())
                    .containsEntry(
                            1,
                            Base64.getEncoder()
                                    .encodeToString(
                                            "out"
                                                    .getBytes(
                                                            java.nio.charset.StandardCharsets
                                                                    .UTF_8)));
        }
    }

    @Test
    void passesTheTerminalSizeAndAnswersPings() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.webSocket(EXEC + "command=sizes&output=1&tty=1", "v4.channel.k8s.io").head();
            client.message(9, new byte[] {7});
            // The greeting and the pong, in any order.
            List<Integer> opcodes = List.of(client.message().opcode(), client.message().opcode());
            assertThat(opcodes).containsExactlyInAnyOrder(2, 10);
            client.channel(4, "{\"Width\":80,\"Height\":24}");
            assertThat(client.messages()).containsEntry(1, "true 80x24");
        }
    }

    @Test
    void refusesUnknownProtocols() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.webSocket(EXEC + "command=both&output=1", "v9.channel.k8s.io");
            assertThat(client.head().status()).isEqualTo(400);
        }
    }

    @Test
    void forwardsPortsOfTheQuery() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.webSocket("/portForward/default/web?port=80", "v4.channel.k8s.io").head();
            assertThat(client.message().body()).containsExactly(0, 80, 0);
            assertThat(client.message().body()).containsExactly(1, 80, 0);
            client.channel(0, "hello");
            assertThat(client.message().body()).endsWith('h', 'e', 'l', 'l', 'o');
        }
    }

    @Test
    void tunnelsPortForward() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.webSocket("/portForward/default/web", "SPDY/3.1+portforward.k8s.io");
            assertThat(client.head().headers())
                    .containsEntry("sec-websocket-protocol", "SPDY/3.1+portforward.k8s.io");
            // A ping of SPDY within a message comes back within one.
            byte[] ping = {(byte) 0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 5};
            client.message(2, ping);
            assertThat(client.message().body()).isEqualTo(ping);
        }
    }
}
