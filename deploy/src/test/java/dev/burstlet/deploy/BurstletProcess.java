package dev.burstlet.deploy;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The assembled program as a process of its own, that plays one node on one Docker Engine. */
final class BurstletProcess {
    private static final Duration START = Duration.ofMinutes(3);

    private final String node;
    private final Path kubeconfig;
    private final KubernetesClient client;
    private final Path folder;
    private @Nullable Process process;

    BurstletProcess(String node, Docker docker, Path kubeconfig, KubernetesClient client) {
        this(node, "{endpoint: '" + docker.endpoint() + "'}", kubeconfig, client);
    }

    /** With the engine as the configuration's {@code docker} has it. */
    BurstletProcess(String node, String docker, Path kubeconfig, KubernetesClient client) {
        this(kubeconfig, client, node, "docker: " + docker);
    }

    /** With its pods wherever one key of the node says, as {@code cri: {endpoint: ...}}. */
    BurstletProcess(Path kubeconfig, KubernetesClient client, String node, String host) {
        this.node = node;
        this.kubeconfig = kubeconfig;
        this.client = client;
        try {
            this.folder = Files.createTempDirectory("burstlet-it");
            Files.writeString(
                    folder.resolve("burstlet.yaml"),
                    """
                    nodes:
                      - name: %s
                        %s
                        listen: 127.0.0.1:%d
                        address: 127.0.0.1
                        region: earth
                        zone: earth-1
                        labels:
                          team: tests
                        annotations:
                          team.example/contact: nobody
                        reserve:
                          memory: 64Mi
                        capacity:
                          example.com/widget: "3"
                    """
                            .formatted(node, host, freePort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "burstlet-down"));
    }

    String node() {
        return node;
    }

    /** Starts it and waits until its node is ready by its word, not by that of one before it. */
    void start() {
        Process started;
        String line = "burstlet plays " + node;
        long before = Files.exists(log()) ? countInLog(line) : 0;
        try {
            started =
                    new ProcessBuilder(
                                    Repository.burstlet().toString(),
                                    "run",
                                    "--kubeconfig",
                                    kubeconfig.toString(),
                                    "--config",
                                    folder.resolve("burstlet.yaml").toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = started;
        await("the node " + node + ", see " + log())
                .atMost(START)
                .pollInterval(Duration.ofMillis(200))
                .failFast("burstlet ended: see " + log(), () -> !started.isAlive())
                .until(() -> countInLog(line) > before && Conditions.ready(client, node));
    }

    /** SIGKILL: it learns nothing and says nothing. */
    void kill() {
        Process running = process;
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            end(running.destroyForcibly());
        }
    }

    /** SIGTERM, and waits for its end. */
    void stop() {
        Process running = process;
        if (running != null) {
            running.destroy();
            end(running);
        }
    }

    /** The process that runs now. */
    long pid() {
        return java.util.Objects.requireNonNull(process).pid();
    }

    Path log() {
        return folder.resolve("burstlet.log");
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long countInLog(String line) {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line::equals).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(Process ending) {
        try {
            if (!ending.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("burstlet does not end: see " + log());
            }
            process = null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
