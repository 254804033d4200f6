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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Docker Engine of a test's own, which may be restarted. It lives in a network namespace of its
 * own, since two engines in one take each other's bridge away.
 */
final class SecondDocker implements AutoCloseable {
    private final String namespace = "burstlet-it-" + ProcessHandle.current().pid();
    private final Path folder;
    private final Docker docker;
    private final List<String> flags;
    private @Nullable Process daemon;

    private SecondDocker(Path folder, List<String> flags) {
        this.folder = folder;
        this.flags = flags;
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

    static SecondDocker start(String... flags) {
        try {
            SecondDocker made =
                    new SecondDocker(Files.createTempDirectory("burstlet-dockerd"), List.of(flags));
            Runtime.getRuntime().addShutdownHook(new Thread(made::close, "second-docker-down"));
            made.makeNetwork();
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

    /** The power goes, and comes back: no process, no mount and no network of it is left. */
    void crash() {
        Process running = daemon;
        if (running != null) {
            List<ProcessHandle> ending = new ArrayList<>(running.descendants().toList());
            ending.add(running.toHandle());
            ending.addAll(shims());
            ending.forEach(ProcessHandle::destroyForcibly);
            ending.forEach(process -> process.onExit().join());
            daemon = null;
        }
        Command.run(Map.of(), "ip", "netns", "delete", namespace).output();
        unmount();
        Command.run(Map.of(), "rm", "-rf", folder.resolve("exec").toString()).output();
        makeNetwork();
    }

    /** What keeps containers while no daemon runs, and the containers. */
    private List<ProcessHandle> shims() {
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).contains(folder.toString()))
                .flatMap(shim -> Stream.concat(shim.descendants(), Stream.of(shim)))
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    /** The mount points beneath its folder that still are. */
    List<String> mounts() {
        return Command.run(Map.of(), "cat", "/proc/mounts")
                .output()
                .lines()
                .map(line -> line.split(" ", -1)[1])
                .filter(point -> point.startsWith(folder.toString()))
                .toList();
    }

    /** The files beneath its folder in which a word is. */
    List<String> filesWith(String word) {
        return Command.run(Map.of(), "grep", "-rslF", "-D", "skip", word, folder.toString())
                .out()
                .lines()
                .toList();
    }

    private void makeNetwork() {
        Command.run(Map.of(), "ip", "netns", "add", namespace).output();
        Command.run(Map.of(), "ip", "-n", namespace, "link", "set", "lo", "up").output();
    }

    private List<String> commandLine() {
        List<String> line =
                new ArrayList<>(
                        List.of(
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
                                "/" + namespace));
        line.addAll(flags);
        return line;
    }

    void up() {
        try {
            daemon =
                    new ProcessBuilder(commandLine())
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

    /** SIGTERM, as {@code systemctl stop docker} does. */
    void down() {
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
        if (flags.contains("--live-restore") && daemon != null) {
            crash();
        }
        down();
        Command.run(Map.of(), "ip", "netns", "delete", namespace);
        // Mounts of an ended daemon may outlive it, and hold the folder.
        unmount();
        Command.run(Map.of(), "rm", "-rf", folder.toString());
    }

    private void unmount() {
        mounts().reversed().forEach(point -> Command.run(Map.of(), "umount", "-l", point));
    }
}
