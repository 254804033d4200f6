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

/** The same pods by an agent; what is killed is the control side and the agent, both at once. */
class PodsByAgentIT extends PodsOnCri {
    private static final String NODE = "it-agent";

    private final int port = BurstletProcess.freePort();
    private @Nullable BurstletProcess burstlet;
    private @Nullable Process agent;
    private @Nullable Path folder;
    private List<String> line = List.of();

    @Override
    String start(World world, Containerd containerd) {
        try {
            Path made = Files.createTempDirectory("it-agent");
            folder = made;
            String pki = made.resolve("pki").toString();
            certificates("agent", pki, "host", "127.0.0.1");
            certificates("node", pki, NODE);
            List<String> words =
                    new ArrayList<>(
                            List.of(
                                    Repository.burstlet().toString(),
                                    "agent",
                                    "--listen",
                                    "127.0.0.1:" + port,
                                    "--root",
                                    made.resolve("root").toString(),
                                    "--state",
                                    made.resolve("state").toString(),
                                    "--ca",
                                    pki + "/ca.pem",
                                    "--certificate",
                                    pki + "/host.pem",
                                    "--key",
                                    pki + "/host.key"));
            words.addAll(cri(containerd));
            line = words;
            startAgent();
            BurstletProcess started =
                    new BurstletProcess(
                            world.controlPlane().kubeconfig(),
                            world.client(),
                            NODE,
                            "agent: {endpoint: '127.0.0.1:%d', tls: {ca: '%s/ca.pem', certificate: '%s/%s.pem', key: '%s/%s.key'}}"
                                    .formatted(port, pki, pki, NODE, pki, NODE));
            burstlet = started;
            started.start();
            return NODE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void certificates(String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = Repository.root().resolve("deploy/agent/certificates").toString();
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        Command.run(Map.of(), words).output();
    }

    private void startAgent() throws IOException {
        Path log = java.util.Objects.requireNonNull(folder).resolve("agent.log");
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
    }

    @Override
    void killAndStart() {
        if (burstlet == null || agent == null) {
            return;
        }
        burstlet.kill();
        kill(agent);
        try {
            startAgent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        burstlet.start();
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    void end() {
        if (burstlet != null) {
            burstlet.stop();
        }
        if (agent != null) {
            kill(agent);
        }
    }
}
