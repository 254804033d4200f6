package dev.burstlet.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.burstlet.serve.http.HttpLimits;
import dev.burstlet.serve.stream.StreamLimits;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;

/** Many clients at once, hostile and idle ones: bounded in memory and time. */
class FloodTest {
    private static final String EXEC = "/exec/default/web/main?command=sleep&output=1&input=1";
    private static final String PROTOCOL = "v4.channel.k8s.io";
    private static final int FLOOD = 10_000;
    private static final int IDLE = 500;

    @Test
    void tenThousandHalfOpenConnectionsKeepNobodyOut(TestReporter reporter) throws IOException {
        int count = Math.min(FLOOD, freeDescriptors() - 3_000);
        assertThat(count).as("file descriptors left for the flood").isPositive();
        List<Socket> flood = new ArrayList<>(count);
        try (ServerFixture fixture = new ServerFixture()) {
            long begun = System.nanoTime();
            for (int i = 0; i < count; i++) {
                flood.add(new Socket(InetAddress.getLoopbackAddress(), fixture.server.port()));
            }
            long opened = System.nanoTime();
            serves(fixture);
            Duration answer = Duration.ofNanos(System.nanoTime() - opened);
            reporter.publishEntry(
                    "half-open",
                    "%d in %d ms, then answered in %d ms"
                            .formatted(count, (opened - begun) / 1_000_000, answer.toMillis()));
            assertThat(answer).isLessThan(Duration.ofSeconds(20));
            assertThat(fixture.server.connections())
                    .isLessThan(2 * HttpLimits.DEFAULT.unprovenConnections());
        } finally {
            for (Socket socket : flood) {
                socket.close();
            }
        }
    }

    @Test
    void fiveHundredIdleStreamsCostLittle(TestReporter reporter) throws Exception {
        List<WireClient> clients = new ArrayList<>();
        try (ServerFixture fixture = new ServerFixture()) {
            serves(fixture);
            long before = used();
            for (int i = 0; i < IDLE; i++) {
                WireClient client = fixture.connect();
                clients.add(client);
                assertThat(client.webSocket(EXEC, PROTOCOL).head().status()).isEqualTo(101);
            }
            assertThat(fixture.pods.begun.tryAcquire(IDLE, 60, TimeUnit.SECONDS)).isTrue();
            long each = (used() - before) / IDLE;
            reporter.publishEntry(
                    "idle", each + " bytes for each of 500 idle streams, client included");
            assertThat(each).isLessThan(300_000);
            serves(fixture);
        } finally {
            for (WireClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void drippedRequestsAreCutOff() throws IOException {
        HttpLimits quick =
                new HttpLimits(
                        64 << 10,
                        64 << 10,
                        64 << 10,
                        32,
                        5_000,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30));
        try (ServerFixture fixture = new ServerFixture(quick, StreamLimits.DEFAULT);
                SSLSocket socket = fixture.socket(null)) {
            // Reads that time out are what lets time pass between the bytes.
            socket.setSoTimeout(100);
            assertThat(dripUntilClosed(socket, Duration.ofSeconds(30))).isTrue();
            serves(fixture);
        }
    }

    private static boolean dripUntilClosed(SSLSocket socket, Duration patience) {
        byte[] request =
                "GET /healthz HTTP/1.1\r\nX-Long: "
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        long deadline = System.nanoTime() + patience.toNanos();
        for (int i = 0; System.nanoTime() < deadline; i++) {
            try {
                socket.getOutputStream().write(i < request.length ? request[i] : 'a');
                if (socket.getInputStream().read() < 0) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                // Still open.
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }

    @Test
    void alteredSessionsHarmNobody(TestInfo info) throws IOException {
        Random random = new Random(info.getDisplayName().hashCode());
        try (ServerFixture fixture = new ServerFixture()) {
            for (int round = 0; round < 200; round++) {
                try (WireClient client = fixture.connect()) {
                    client.spdy(EXEC, PROTOCOL).head();
                    client.send(altered(session(client), random));
                } catch (SocketException | SSLException e) {
                    // The server had enough of it.
                }
            }
            serves(fixture);
        }
    }

    /** Three streams opened, some input, a ping and a goodbye, as a client sends them. */
    private static byte[] session(WireClient client) {
        ByteBuffer all = ByteBuffer.allocate(4_096);
        String[] types = {"error", "stdin", "stdout"};
        for (int i = 0; i < types.length; i++) {
            byte[] block = client.deflate(WireClient.block("streamtype", types[i]));
            all.putInt(0x80030001).putInt(10 + block.length).putInt(2 * i + 1).putInt(0);
            all.putShort((short) 0).put(block);
        }
        all.putInt(3).putInt(5).put("input".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        all.putInt(0x80030006).putInt(4).putInt(1);
        all.putInt(0x80030003).putInt(8).putInt(3).putInt(5);
        all.putInt(0x80030007).putInt(8).putInt(5).putInt(0);
        byte[] bytes = new byte[all.position()];
        all.flip().get(bytes);
        return bytes;
    }

    private static byte[] altered(byte[] bytes, Random random) {
        for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(4) == 0
                ? java.util.Arrays.copyOf(bytes, random.nextInt(1, bytes.length))
                : bytes;
    }

    private static void serves(ServerFixture fixture) throws IOException {
        try (WireClient client = fixture.connect()) {
            WireClient.Head head = client.request("GET", "/healthz", ServerFixture.ADMIN).head();
            assertThat(head.status()).isEqualTo(200);
        }
    }

    private static int freeDescriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                ? (int)
                        Math.min(
                                Integer.MAX_VALUE,
                                os.getMaxFileDescriptorCount() - os.getOpenFileDescriptorCount())
                : FLOOD;
    }

    /** Heap after a collection, and buffers beside it. */
    private static long used() {
        System.gc();
        long buffers =
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .mapToLong(BufferPoolMXBean::getMemoryUsed)
                        .sum();
        return buffers + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
