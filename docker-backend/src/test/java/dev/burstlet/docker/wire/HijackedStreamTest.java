package dev.burstlet.docker.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.docker.wire.EngineConnection.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An engine that answers a hijack and then does what a test says. */
@Timeout(30)
class HijackedStreamTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicBoolean ended = new AtomicBoolean();
    private ServerSocketChannel listener;
    private EngineConnection connection;
    private SocketChannel engine;

    @BeforeEach
    void connect() throws IOException {
        listener =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        connection = EngineConnection.of(SocketChannel.open(listener.getLocalAddress()));
        engine = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        engine.close();
        listener.close();
    }

    @Test
    void aStreamThatTheEngineForgetsEndsWithItsProcess() throws Exception {
        copy(() -> {
            say("some");
            pause(Duration.ofSeconds(2));
            ended.set(true);
        });

        assertThat(out.toString(UTF_8)).isEqualTo("some");
    }

    @Test
    void whatComesLateOfAProcessThatEndedIsNotLost() throws Exception {
        ended.set(true);
        copy(() -> {
            pause(Duration.ofMillis(2500));
            say("late ");
            pause(Duration.ofMillis(2500));
            say("later");
            finish();
        });

        assertThat(out.toString(UTF_8)).isEqualTo("late later");
    }

    @Test
    void aProcessThatRunsKeepsItsStreamHoweverQuietItIs() throws Exception {
        copy(() -> {
            pause(Duration.ofSeconds(9));
            say("at last");
            finish();
        });

        assertThat(out.toString(UTF_8)).isEqualTo("at last");
    }

    private void copy(Runnable then) throws IOException, InterruptedException {
        Thread.ofVirtual()
                .start(() -> {
                    say("HTTP/1.1 101 UPGRADED\r\n\r\n");
                    then.run();
                });
        Response response = connection.upgrade("/exec/x/start", null);
        new HijackedStream(
                        "exec", connection, new StreamPair(InputStream.nullInputStream(), out, out))
                .endingWith(ended::get)
                .copy(response.body(), true, null, _ -> {});
    }

    private void say(String text) {
        try {
            engine.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void finish() {
        try {
            engine.shutdownOutput();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
