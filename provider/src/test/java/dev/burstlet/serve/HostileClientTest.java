package dev.burstlet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.serve.http.HttpLimits;
import dev.burstlet.serve.stream.StreamLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What costs much is refused cheaply, and other clients do not notice. */
class HostileClientTest {
    private static final HttpLimits SMALL =
            new HttpLimits(
                    64 << 10,
                    64 << 10,
                    64 << 10,
                    32,
                    5_000,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30));
    private static final String EXEC = "/exec/default/web/main?command=sleep&output=1";
    private static final String PROTOCOL = "v4.channel.k8s.io";

    private ServerFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ServerFixture(SMALL, StreamLimits.DEFAULT);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void slowRequestsAreCutOff() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.send("GET /healthz HTTP/1.1\r\nHost: ");
            assertThat(client.closedByServer()).isTrue();
        }
        stillServes();
    }

    @Test
    void largeHeadersAreRefused() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.request("GET", "/healthz", ServerFixture.ADMIN, "X-A: " + "a".repeat(70_000));
            assertThat(client.head().status()).isEqualTo(431);
        }
        stillServes();
    }

    @Test
    void largeBodiesAreRefused() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.request("POST", "/pods", ServerFixture.ADMIN, "Content-Length: 100000000");
            client.send(new byte[128 << 10]);
            assertThat(client.head().status()).isEqualTo(413);
        } catch (SocketException | SSLException e) {
            // Cut off before all was sent: refused too.
        }
        stillServes();
    }

    @Test
    void halfOpenConnectionsMakeRoom() throws IOException {
        List<Socket> flood = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                flood.add(new Socket(InetAddress.getLoopbackAddress(), fixture.server.port()));
            }
            stillServes();
            assertThat(fixture.server.connections()).isLessThan(200);
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
    }

    @Test
    void headerBombsEndTheConnection() throws IOException {
        try (WireClient client = fixture.connect()) {
            client.spdy(EXEC, PROTOCOL).head();
            byte[] bomb = client.deflate(new byte[8 << 20]);
            assertThat(bomb.length).isLessThan(16 << 10);
            client.send(
                    ByteBuffer.allocate(18 + bomb.length)
                            .putInt(0x80030001)
                            .putInt(10 + bomb.length)
                            .putInt(1)
                            .putInt(0)
                            .putShort((short) 0)
                            .put(bomb)
                            .array());
            assertThat(client.closedByServer()).isTrue();
        }
        stillServes();
    }

    @Test
    void malformedFramesHarmNobody() throws IOException {
        Random random = new Random(42);
        for (int round = 0; round < 60; round++) {
            try (WireClient client = fixture.connect()) {
                client.spdy(EXEC, PROTOCOL).head();
                byte[] noise = new byte[random.nextInt(1, 4_000)];
                random.nextBytes(noise);
                if (round % 2 == 0) {
                    // A control frame of some type and a length that fits.
                    frame(noise, random.nextInt(12));
                }
                client.send(noise);
            } catch (SocketException | SSLException e) {
                // The server had enough of it.
            }
        }
        stillServes();
    }

    private static void frame(byte[] noise, int type) {
        if (noise.length >= 8) {
            ByteBuffer.wrap(noise).putInt(0x80030000 | type).putInt(noise.length - 8);
        }
    }

    private void stillServes() throws IOException {
        try (WireClient client = fixture.connect()) {
            WireClient.Head head = client.request("GET", "/healthz", ServerFixture.ADMIN).head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(client.body(head)).isEqualTo("ok");
        }
    }
}
