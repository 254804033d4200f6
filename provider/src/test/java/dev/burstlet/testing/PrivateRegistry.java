package dev.burstlet.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assertions;

/**
 * A registry on this machine's loopback that asks for a name and a password: Debian's
 * docker-registry, which the build provides before integration tests.
 */
public final class PrivateRegistry implements AutoCloseable {
    public static final String USER = "puller";
    public static final String PASSWORD = "secret";

    private static final Path BINARY = Path.of("/usr/bin/docker-registry");

    /** Of the password, by bcrypt. */
    private static final String HASH =
            "$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";

    private final String address;
    private final Process process;

    private PrivateRegistry(String address, Process process) {
        this.address = address;
        this.process = process;
    }

    public static PrivateRegistry start(Path directory) {
        Assertions.assertTrue(Files.isExecutable(BINARY), "docker-registry is not installed");
        try {
            String address = "127.0.0.1:" + freePort();
            Path accounts = directory.resolve("htpasswd");
            Files.writeString(accounts, USER + ":" + HASH + "\n");
            Path config = directory.resolve("config.yml");
            Files.writeString(
                    config,
                    """
                    version: 0.1
                    log: {level: error}
                    storage: {filesystem: {rootdirectory: %s}}
                    http: {addr: %s}
                    auth: {htpasswd: {realm: burstlet, path: %s}}
                    """
                            .formatted(directory.resolve("data"), address, accounts));
            Process process =
                    new ProcessBuilder(BINARY.toString(), "serve", config.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("log").toFile())
                            .start();
            PrivateRegistry registry = new PrivateRegistry(address, process);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(registry::answers);
            return registry;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String address() {
        return address;
    }

    private boolean answers() throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection)
                        URI.create("http://" + address + "/v2/").toURL().openConnection();
        try {
            return connection.getResponseCode() == 401;
        } catch (IOException e) {
            return false;
        } finally {
            connection.disconnect();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
