package dev.burstlet.deploy;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code burstlet agent} in a process of its own, and the program that plays its node. */
final class AgentInFront {
    private final String node;
    private final int port = BurstletProcess.freePort();
    private final Path folder;
    private final List<String> line;
    private @Nullable BurstletProcess burstlet;
    private @Nullable Process agent;

    /**
     * Not started yet.
     *
     * @param engine the options that name the agent's engine
     */
    AgentInFront(String node, List<String> engine) {
        this.node = node;
        try {
            folder = Files.createTempDirectory(node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        certificates("agent", pki(), "host", "127.0.0.1");
        certificates("node", pki(), node);
        line =
                new ArrayList<>(
                        List.of(
                                Repository.burstlet().toString(),
                                "agent",
                                "--listen",
                                "127.0.0.1:" + port,
                                "--state",
                                folder.resolve("state").toString(),
                                "--ca",
                                pki() + "/ca.pem",
                                "--certificate",
                                pki() + "/host.pem",
                                "--key",
                                pki() + "/host.key"));
        line.addAll(engine);
    }

    private String pki() {
        return folder.resolve("pki").toString();
    }

    /** A folder for what is the agent's. */
    Path folder() {
        return folder;
    }

    /** Both, and the node ready. */
    void start(World world) {
        startAgent();
        BurstletProcess started =
                new BurstletProcess(
                        world.controlPlane().kubeconfig(),
                        world.client(),
                        node,
                        "agent: {endpoint: '127.0.0.1:%d', tls: {ca: '%s/ca.pem', certificate: '%s/%s.pem', key: '%s/%s.key'}}"
                                .formatted(port, pki(), pki(), node, pki(), node));
        burstlet = started;
        started.start();
    }

    private static void certificates(String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = Repository.root().resolve("deploy/agent/certificates").toString();
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        Command.run(Map.of(), words).output();
    }

    private void startAgent() {
        Path log = folder.resolve("agent.log");
        try {
            Files.deleteIfExists(log);
            Process started =
                    new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            agent = started;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> kill(started), "agent-down"));
            await("the agent, see " + log)
                    .atMost(Duration.ofMinutes(3))
                    .failFast("the agent ended: see " + log, () -> !started.isAlive())
                    .until(() -> Files.readString(log).contains("burstlet agent listens on"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With SIGKILL, both. */
    void killAndStart() {
        if (burstlet == null || agent == null) {
            return;
        }
        burstlet.kill();
        kill(agent);
        startAgent();
        burstlet.start();
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    void end() {
        if (burstlet != null) {
            burstlet.stop();
        }
        if (agent != null) {
            kill(agent);
        }
    }
}
