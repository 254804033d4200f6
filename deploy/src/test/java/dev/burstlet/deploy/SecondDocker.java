package dev.burstlet.deploy;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Docker Engine of a test's own, which may be restarted. It lives in a network namespace of its
 * own, since two engines in one take each other's bridge away.
 */
final class SecondDocker implements AutoCloseable {
    private final String namespace = "burstlet-it-" + ProcessHandle.current().pid();
    private final Path folder;
    private final Docker docker;
    private @Nullable Process daemon;

    private SecondDocker(Path folder) {
        this.folder = folder;
        this.docker = new Docker("unix://" + folder.resolve("docker.sock"));
    }

    /** Why this machine can have none; empty where it can. */
    static String lacking() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "a second dockerd needs root";
        }
        return List.of("dockerd", "ip", "nsenter").stream()
                .filter(program ->
                        Command.run(Map.of(), "sh", "-c", "command -v " + program).code() != 0)
                .map(program -> "a second dockerd needs " + program)
                .findFirst()
                .orElse("");
    }

    static SecondDocker start() {
        try {
            SecondDocker made = new SecondDocker(Files.createTempDirectory("burstlet-dockerd"));
            Runtime.getRuntime().addShutdownHook(new Thread(made::close, "second-docker-down"));
            Command.run(Map.of(), "ip", "netns", "add", made.namespace).output();
            Command.run(Map.of(), "ip", "-n", made.namespace, "link", "set", "lo", "up").output();
            made.up();
            made.copyImage();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Docker docker() {
        return docker;
    }

    /** As {@code systemctl restart docker} does: SIGTERM, which ends all containers, and anew. */
    void restart() {
        down();
        up();
    }

    private void up() {
        try {
            daemon =
                    new ProcessBuilder(
                                    // Not ip netns exec, which hides the control groups.
                                    "nsenter",
                                    "--net=/run/netns/" + namespace,
                                    "dockerd",
                                    "-H",
                                    docker.endpoint(),
                                    "--data-root",
                                    folder.resolve("data").toString(),
                                    "--exec-root",
                                    folder.resolve("exec").toString(),
                                    "--pidfile",
                                    folder.resolve("pid").toString(),
                                    "--containerd-namespace",
                                    namespace,
                                    "--containerd-plugins-namespace",
                                    namespace + "-plugins",
                                    "--cgroup-parent",
                                    "/" + namespace)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve("dockerd.log").toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("dockerd, see " + folder.resolve("dockerd.log"))
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> docker.run("version").code() == 0);
    }

    private void down() {
        Process running = daemon;
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(60, TimeUnit.SECONDS)) {
                running.descendants().forEach(ProcessHandle::destroyForcibly);
                running.destroyForcibly().waitFor();
            }
            daemon = null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void copyImage() {
        String archive = folder.resolve("image.tar").toString();
        Docker.get().run("save", "-o", archive, Docker.IMAGE).output();
        docker.run("load", "-i", archive).output();
    }

    @Override
    public void close() {
        down();
        Command.run(Map.of(), "ip", "netns", "delete", namespace);
        // Mounts of an ended daemon may outlive it, and hold the folder.
        Command.run(
                Map.of(),
                "sh",
                "-c",
                "awk -v d=\"$1\" 'index($2, d) == 1 {print $2}' /proc/mounts | sort -r"
                        + " | xargs -r -n1 umount -l; rm -rf \"$1\"",
                "clean",
                folder.toString());
    }
}
