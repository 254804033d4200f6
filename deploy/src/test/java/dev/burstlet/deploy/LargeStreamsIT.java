package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Streams that are large or are broken off. {@code burstlet.copy.mib} says how much is copied: 1024
 * is what docs/security.md has the figures of.
 */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class LargeStreamsIT {
    private static final long MEBIBYTES = Long.getLong("burstlet.copy.mib", 192);
    private static final long MOST_GROWTH_MEBIBYTES = 96;

    private Scene scene;

    @BeforeAll
    void pods() {
        scene = World.get().scene();
        PodParts.create(
                scene,
                "large",
                """
                containers:
                  - name: main
                    image: $IMAGE
                    command: [sleep, "100000"]
                    volumeMounts: [{name: data, mountPath: /data}]
                volumes: [{name: data, emptyDir: {}}]
                """);
        scene.awaitReady("large");
    }

    @AfterAll
    void end() {
        scene.close();
    }

    @Test
    void copiesBothWaysNeedLittleMemory(TestReporter reporter) throws Exception {
        Path here = Files.createTempDirectory("large");
        Path in = here.resolve("in");
        try (RandomAccessFile file = new RandomAccessFile(in.toFile(), "rw")) {
            file.setLength(MEBIBYTES << 20);
        }
        long pid = World.get().burstlet().pid();
        long before = peak(pid);
        long begun = System.nanoTime();
        kubectl("cp", in.toString(), "large:/data/in");
        long turned = System.nanoTime();
        kubectl("cp", "large:/data/in", here.resolve("out").toString());
        long ended = System.nanoTime();
        long grown = peak(pid) - before;
        reporter.publishEntry(
                "cp of %d MiB".formatted(MEBIBYTES),
                "in %d s, out %d s, peak RSS %d MiB, grown by %d"
                        .formatted(
                                Duration.ofNanos(turned - begun).toSeconds(),
                                Duration.ofNanos(ended - turned).toSeconds(),
                                peak(pid),
                                grown));
        assertThat(Files.size(here.resolve("out"))).isEqualTo(MEBIBYTES << 20);
        assertThat(grown).isLessThan(MOST_GROWTH_MEBIBYTES);
        Files.delete(in);
        Files.delete(here.resolve("out"));
        scene.kubectl("exec", "large", "--", "rm", "/data/in").output();
    }

    @Test
    void whatAClientLeavesEndsInThePodToo() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "kubectl",
                        "-n",
                        scene.namespace(),
                        "exec",
                        "large",
                        "--",
                        "sleep",
                        "54321");
        builder.environment().put("KUBECONFIG", World.get().controlPlane().kubeconfig().toString());
        Process exec = builder.start();
        eventually(() -> assertThat(processes()).contains("sleep 54321"));

        assertThat(exec.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();

        eventually(() -> assertThat(processes()).doesNotContain("sleep 54321"));
    }

    private String processes() {
        return scene.kubectl("exec", "large", "--", "ps").output();
    }

    /** The most that a process has ever had, in MiB. */
    private static long peak(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private void kubectl(String... arguments) throws Exception {
        String[] line = new String[arguments.length + 3];
        line[0] = "kubectl";
        line[1] = "-n";
        line[2] = scene.namespace();
        System.arraycopy(arguments, 0, line, 3, arguments.length);
        String said =
                Command.run(
                                Map.of(
                                        "KUBECONFIG",
                                        World.get().controlPlane().kubeconfig().toString()),
                                Path.of(""),
                                Duration.ofMinutes(6),
                                line)
                        .output();
        assertThat(said).doesNotContain("error");
    }
}
