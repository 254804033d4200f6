package dev.burstlet.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A private containerd with the handlers runc and runsc, looked at past Burstlet through ctr. */
final class Containerd {
    private static final Duration INSTALL = Duration.ofMinutes(10);

    private static @Nullable Containerd shared;

    private final Path folder;
    private final String socket;

    private Containerd(Path folder, String socket) {
        this.folder = folder;
        this.socket = socket;
    }

    /** The one of this process; fails where none can be had. */
    static synchronized Containerd get() {
        Containerd known = shared;
        if (known == null) {
            Path folder = Path.of("target", "containerd").toAbsolutePath();
            String socket =
                    provisioner(
                                    "up",
                                    folder.toString(),
                                    "--subnet",
                                    "10.89.0.0/24",
                                    "--bridge",
                                    "burstlet-it")
                            .strip();
            known = new Containerd(folder, socket);
            Runtime.getRuntime().addShutdownHook(new Thread(known::end, "containerd-down"));
            provisioner("example", folder.toString());
            shared = known;
        }
        return known;
    }

    /** One that somebody else runs. */
    static Containerd given(String socket) {
        return new Containerd(Path.of(""), socket.replaceFirst("^unix://", ""));
    }

    /** Brings it images of a Docker Engine. */
    void load(Docker docker, String... images) throws IOException {
        Path archive = Files.createTempDirectory("images").resolve("images.tar");
        docker.save(archive, images);
        Command.run(
                        Map.of(),
                        "ctr",
                        "-a",
                        socket,
                        "-n",
                        "k8s.io",
                        "images",
                        "import",
                        archive.toString())
                .output();
    }

    private void end() {
        // Whatever is left of a failed test would keep its processes.
        for (String id : running()) {
            Command.run(Map.of(), "ctr", "-a", socket, "-n", "k8s.io", "task", "rm", "-f", id);
        }
        provisioner("down", folder.toString());
    }

    String endpoint() {
        return "unix://" + socket;
    }

    /** The containers that run, sandboxes included. */
    List<String> running() {
        return Command.run(Map.of(), "ctr", "-a", socket, "-n", "k8s.io", "task", "ls", "-q")
                .output()
                .lines()
                .toList();
    }

    /** All containers of a pod, sandboxes included. */
    List<String> containers(String podUid) {
        return Command.run(
                        Map.of(),
                        "ctr",
                        "-a",
                        socket,
                        "-n",
                        "k8s.io",
                        "container",
                        "ls",
                        "-q",
                        "labels.\"io.kubernetes.pod.uid\"==" + podUid)
                .output()
                .lines()
                .toList();
    }

    /** SIGKILL to a container's main process. */
    void kill(String id) {
        Command.run(
                        Map.of(), "ctr", "-a", socket, "-n", "k8s.io", "task", "kill", "-s",
                        "SIGKILL", id)
                .output();
    }

    private static String provisioner(String... arguments) {
        String[] line = new String[arguments.length + 1];
        line[0] = Repository.root().resolve("deploy/containerd/containerd").toString();
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        return Command.run(Map.of(), Path.of(""), INSTALL, line).output();
    }
}
