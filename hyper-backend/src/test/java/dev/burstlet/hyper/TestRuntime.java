package dev.burstlet.hyper;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * A CRI runtime to test on: a private containerd that is started once for all tests by
 * deploy/containerd and ended with this process.
 */
public final class TestRuntime implements AutoCloseable {
    public static final String IMAGE = "docker.io/burstlet/busybox-test:1";
    private static final Path PROVISIONER =
            Path.of("..", "deploy", "containerd", "containerd").toAbsolutePath().normalize();
    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final long MINUTES = 10;
    private static @Nullable TestRuntime instance;

    private final String socket;
    private final Path directory;
    private final List<String> network;

    private TestRuntime(String socket, Path directory, List<String> network) {
        this.socket = socket;
        this.directory = directory;
        this.network = network;
    }

    /** The runtime; the test is aborted, saying why, where there can be none. */
    public static synchronized TestRuntime get() {
        if (instance == null) {
            instance = provided();
        }
        return instance;
    }

    /** A runtime that the environment names. */
    static Optional<TestRuntime> given() {
        return Optional.ofNullable(System.getenv("BURSTLET_KATA_CONTRACT"))
                .filter(socket -> !socket.isEmpty())
                .map(socket ->
                        new TestRuntime(
                                socket.replaceFirst("^unix://", ""), Path.of(""), List.of()));
    }

    private static TestRuntime provided() {
        TestRuntime runtime = start(Path.of("target", "containerd").toAbsolutePath(), List.of());
        Runtime.getRuntime().addShutdownHook(new Thread(runtime::close));
        return runtime;
    }

    /**
     * One of its own, with the image; the test is aborted, saying why, where there can be none.
     *
     * @param network options of the provisioner
     */
    public static TestRuntime start(Path directory, List<String> network) {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new TestAbortedException("a private containerd needs root");
        }
        if (!Files.exists(Path.of("/usr/bin/dpkg"))) {
            throw new TestAbortedException("a private containerd is made of Debian's packages");
        }
        try {
            String socket = up(directory, network);
            makeImage(directory, IMAGE);
            return new TestRuntime(socket, directory, network);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String up(Path directory, List<String> network) throws IOException {
        List<String> line =
                new ArrayList<>(List.of(PROVISIONER.toString(), "up", directory.toString()));
        line.addAll(network);
        return run(line.toArray(String[]::new)).strip();
    }

    /** Kills it with SIGKILL and starts it again; what it runs goes on. */
    public void killAndStart() throws IOException {
        long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        var _ = process.destroyForcibly();
        var _ = process.onExit().join();
        String ignored = up(directory, network);
    }

    @Override
    public void close() {
        try {
            String ignored = run(PROVISIONER.toString(), "down", directory.toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public String endpoint() {
        return "unix://" + socket;
    }

    /** Of the host's own static busybox, with a link for each of its commands. */
    private static void makeImage(Path directory, String image) throws IOException {
        if (!Files.exists(BUSYBOX)) {
            throw new IllegalStateException("the image is made of /bin/busybox (busybox-static)");
        }
        Path root = Files.createTempDirectory("busybox");
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String command : run(BUSYBOX.toString(), "--list").lines().toList()) {
            if (!command.equals("busybox")) {
                Files.createSymbolicLink(bin.resolve(command), Path.of("busybox"));
            }
        }
        for (String name : List.of("tmp", "etc", "proc", "sys", "dev", "root")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.setAttribute(root.resolve("tmp"), "unix:mode", 01777);
        Files.setAttribute(root, "unix:mode", 0755);
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
        Files.writeString(root.resolve("etc/motd"), image);
        String ignored =
                run(PROVISIONER.toString(), "image", directory.toString(), image, root.toString());
    }

    /** Puts an image of its own into a registry on the loopback, and takes it away from here. */
    void push(String reference, String login) throws IOException {
        makeImage(directory, reference);
        String ctr =
                Optional.ofNullable(System.getenv("BURSTLET_CONTAINERD"))
                        .map(folder -> folder + "/ctr")
                        .orElse("ctr");
        List<String> client = List.of(ctr, "-a", socket, "-n", "k8s.io", "images");
        for (List<String> call :
                List.of(
                        List.of("push", "--plain-http", "--user", login, reference),
                        List.of("rm", reference))) {
            List<String> line = new ArrayList<>(client);
            line.addAll(call);
            String ignored = run(line.toArray(String[]::new));
        }
    }

    private static String run(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        try {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(List.of(command) + " failed: " + output);
            }
            return output;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

    /** Whose pods are of this handler unless they say otherwise. */
    public ContainerEngine engine(String handler, Path directory) {
        return engine(handler, directory, Map.of());
    }

    /** The same with further options. */
    public ContainerEngine engine(String handler, Path directory, Map<String, String> more) {
        Map<String, String> options = new HashMap<>(more);
        options.put("root", directory.resolve("root").toString());
        options.put("logs", directory.resolve("logs").toString());
        options.put("runtime-handler", handler);
        return new CriEngineFactory()
                .open(
                        new EngineSettings(
                                "test",
                                "unix://" + socket,
                                null,
                                false,
                                Duration.ofSeconds(60),
                                8,
                                options));
    }

    /** Aborts the test where the runtime has no such handler. */
    void require(ContainerEngine engine, String handler) {
        List<String> names = new ArrayList<>();
        engine.info().runtimeHandlers().forEach(one -> names.add(one.name()));
        if (!names.contains(handler)) {
            throw new TestAbortedException("the runtime has no handler " + handler);
        }
    }
}
