package dev.burstlet.deploy;

import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A Docker Engine, looked at past Burstlet through the docker command. */
final class Docker {
    /** The image that {@code deploy/docker-engine/docker-engine image} makes. */
    static final String IMAGE = "burstlet.dev/example:1";

    private static @Nullable Docker shared;

    private final String endpoint;

    Docker(String endpoint) {
        this.endpoint = endpoint;
    }

    /** The engine of this machine; fails where none can be had. */
    static synchronized Docker get() {
        Docker known = shared;
        if (known == null) {
            String script =
                    Repository.root().resolve("deploy/docker-engine/docker-engine").toString();
            known = new Docker(Command.run(Map.of(), script, "up").output().strip());
            Command.run(Map.of(), script, "image").output();
            known.removeLeftNetworks();
            shared = known;
        }
        return known;
    }

    String endpoint() {
        return endpoint;
    }

    /** One container of a pod: its sandbox, or one that the pod asks for. */
    record Container(String id, String name, String pod, boolean running, int exitCode) {}

    /** The containers with a label, without their sandboxes, by id. */
    Map<String, Container> containers(String label) {
        return list(label, "dev.burstlet.kind=container");
    }

    Map<String, Container> sandboxes(String label) {
        return list(label, "dev.burstlet.kind=sandbox");
    }

    static String ofPod(String uid) {
        return "io.kubernetes.pod.uid=" + uid;
    }

    static String ofNamespace(String namespace) {
        return "io.kubernetes.pod.namespace=" + namespace;
    }

    /** Ends a container behind Burstlet's back. */
    void kill(String signal, String container) {
        run("kill", "-s", signal, container).output();
    }

    /** Writes images to an archive. */
    void save(Path archive, String... images) {
        List<String> line = new ArrayList<>(List.of("save", "-o", archive.toString()));
        line.addAll(List.of(images));
        run(line.toArray(String[]::new)).output();
    }

    /** Makes an image of one program. */
    void importProgram(String image, Path folder, String program) {
        Path archive = folder.resolveSibling(folder.getFileName() + ".tar");
        Command.run(Map.of(), "tar", "-C", folder.toString(), "-cf", archive.toString(), program)
                .output();
        run("import", "-c", "ENTRYPOINT [\"/" + program + "\"]", archive.toString(), image)
                .output();
    }

    /** Removes what a cluster's nodes left on the engine. */
    void sweep(String cluster) {
        String label = "label=dev.burstlet.cluster=" + cluster;
        removeAll(List.of("rm", "-f", "-v"), run("ps", "-aq", "--filter", label).out());
        removeAll(
                List.of("volume", "rm", "-f"), run("volume", "ls", "-q", "--filter", label).out());
        removeAll(List.of("network", "rm"), run("network", "ls", "-q", "--filter", label).out());
    }

    /** Of runs that were killed; a network that is in use is not removed by the engine. */
    private void removeLeftNetworks() {
        String listed =
                run(
                                "network",
                                "ls",
                                "--filter",
                                "label=dev.burstlet.kind=network",
                                "--format",
                                "{{.ID}} {{.Label \"dev.burstlet.node\"}}")
                        .out();
        listed.lines()
                .filter(line -> line.contains(" it-"))
                .forEach(line -> run("network", "rm", line.substring(0, line.indexOf(' '))));
    }

    /**
     * What a container uses, over a second before {@code time}.
     *
     * @param memory bytes, without inactive file pages
     */
    record Usage(Instant time, double cores, double memory) {}

    /** What the engine itself tells of a container. */
    Usage usage(String container) {
        String[] told =
                run("stats", "--no-stream", "--format", "{{.CPUPerc}} {{.MemUsage}}", container)
                        .output()
                        .strip()
                        .split(" ", -1);
        double percent = Double.parseDouble(told[0].replace("%", ""));
        return new Usage(
                Instant.now(),
                percent / 100,
                Quantity.getAmountInBytes(size(told[1])).doubleValue());
    }

    /** Docker writes 39.2MiB where Kubernetes writes 39.2Mi. */
    private static Quantity size(String text) {
        return new Quantity(text.replace("B", ""));
    }

    /** Memory in use on the engine's host in bytes, without inactive file pages. */
    double workingSetOfHost() {
        Map<String, Long> kilobytes = new TreeMap<>();
        run("run", "--rm", "--network", "none", IMAGE, "cat", "/proc/meminfo")
                .output()
                .lines()
                .map(line -> line.split("[: ]+", -1))
                .forEach(words -> kilobytes.put(words[0], Long.parseLong(words[1])));
        return 1024.0
                * (kilobytes.getOrDefault("MemTotal", 0L)
                        - kilobytes.getOrDefault("MemFree", 0L)
                        - kilobytes.getOrDefault("Inactive(file)", 0L));
    }

    Command run(String... arguments) {
        String[] line = new String[arguments.length + 3];
        line[0] = "docker";
        line[1] = "-H";
        line[2] = endpoint;
        System.arraycopy(arguments, 0, line, 3, arguments.length);
        return Command.run(Map.of(), line);
    }

    private void removeAll(List<String> command, String ids) {
        List<String> found = ids.lines().filter(line -> !line.isBlank()).toList();
        if (!found.isEmpty()) {
            List<String> line = new ArrayList<>(command);
            line.addAll(found);
            run(line.toArray(String[]::new));
        }
    }

    private Map<String, Container> list(String label, String kind) {
        String ids =
                run(
                                "ps",
                                "-aq",
                                "--no-trunc",
                                "--filter",
                                "label=" + label,
                                "--filter",
                                "label=" + kind)
                        .output();
        String[] found = ids.lines().toArray(String[]::new);
        Map<String, Container> containers = new TreeMap<>();
        if (found.length == 0) {
            return containers;
        }
        String[] inspect =
                new String[] {
                    "container",
                    "inspect",
                    "--format",
                    "{{.Id}}\t{{.Name}}\t{{index .Config.Labels \"io.kubernetes.pod.uid\"}}"
                            + "\t{{.State.Running}}\t{{.State.ExitCode}}"
                };
        String[] line = Arrays.copyOf(inspect, inspect.length + found.length);
        System.arraycopy(found, 0, line, inspect.length, found.length);
        // One may go between the two calls: what is said of the others holds.
        run(line)
                .out()
                .lines()
                .map(text -> text.split("\t"))
                .filter(part -> part.length == 5)
                .map(part ->
                        new Container(
                                part[0],
                                part[1].substring(1),
                                part[2],
                                part[3].equals("true"),
                                Integer.parseInt(part[4])))
                .forEach(container -> containers.put(container.id(), container));
        return containers;
    }
}
