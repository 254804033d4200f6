package dev.burstlet.hyper.agent;

import dev.burstlet.app.Main;
import dev.burstlet.engine.agent.AgentEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** {@code burstlet agent} in a process of its own, that can be killed and started again. */
final class AgentProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);

    private final List<String> line = new ArrayList<>();
    private final Path log;
    private @Nullable Process process;

    /**
     * Not started yet.
     *
     * @param engine the options that name its engine
     */
    AgentProcess(Path folder, int port, AgentEndpoint.Tls tls, List<String> engine) {
        log = folder.resolve("agent.log");
        line.addAll(program());
        line.addAll(
                List.of(
                        "agent",
                        "--listen",
                        "0.0.0.0:" + port,
                        "--state",
                        folder.resolve("state").toString(),
                        "--ca",
                        tls.ca().toString(),
                        "--certificate",
                        tls.certificate().toString(),
                        "--key",
                        tls.key().toString()));
        line.addAll(engine);
    }

    /** The program of this build, before its arguments. */
    static List<String> program() {
        return List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName());
    }

    void start() throws IOException {
        Files.deleteIfExists(log);
        Process started =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        process = started;
        Awaitility.await("the agent, see " + log)
                .atMost(START)
                .pollInterval(Duration.ofMillis(100))
                .failFast("the agent ended", () -> !started.isAlive())
                .until(() -> Files.readString(log).contains("burstlet agent listens on"));
    }

    /** With SIGKILL. */
    void kill() {
        Process running = process;
        if (running != null) {
            var _ = running.destroyForcibly().onExit().join();
        }
    }

    /** What it has said since it was started. */
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        kill();
    }
}
