package dev.burstlet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.burstlet.testing.ControlPlaneExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command of the README does what it says, from the repository's root. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadmeIT {
    private static final Pattern BLOCK =
            Pattern.compile("^```sh\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern YAML =
            Pattern.compile("^```yaml\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final String PROGRAM = "deploy/target/burstlet/bin/burstlet";

    /** What other tests run: {@link QuickstartIT}, and this very build. */
    private static final List<String> ELSEWHERE =
            List.of("./quickstart", "./quickstart --exit", "./mvnw verify");

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandWorks(String command) throws Exception {
        if (ELSEWHERE.contains(command)) {
            return;
        }
        assertThat(command)
                .as("a command that no test runs: add one")
                .matches(Pattern.quote(PROGRAM) + " (check|run|keys|support)\\b.*");
        if (command.startsWith(PROGRAM + " run ")) {
            runs(command);
        } else {
            assertThat(shell(command).output()).isNotBlank();
        }
    }

    @Test
    void theConfigurationIsRead(@TempDir Path folder) throws IOException {
        List<String> examples =
                YAML.matcher(readme()).results().map(found -> found.group(1)).toList();
        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            Path file = Files.writeString(folder.resolve("burstlet.yaml"), example);
            // Its hosts are not there, so that the check fails; but for no fault of the file.
            Command check = shell(PROGRAM + " check --kubeconfig $KUBECONFIG --config " + file);
            assertThat(check.out() + check.err())
                    .contains("burst-1")
                    .doesNotContain("unknown key")
                    .doesNotContain(file.toString());
        }
    }

    static Stream<String> commands() throws IOException {
        return BLOCK.matcher(readme())
                .results()
                .flatMap(found -> found.group(1).replace("\\\n", " ").lines())
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"));
    }

    private static String readme() throws IOException {
        return Files.readString(Repository.root().resolve("README.md"));
    }

    private static Command shell(String command) {
        return Command.run(
                environment(), Repository.root(), Duration.ofMinutes(1), "sh", "-c", command);
    }

    private static Map<String, String> environment() {
        return Map.of("KUBECONFIG", World.get().controlPlane().kubeconfig().toString());
    }

    /** Runs it until its node is ready; on a port that is free here. */
    private static void runs(String command) throws Exception {
        World world = World.get();
        Path log = Files.createTempFile("readme", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "exec "
                                        + command
                                        + " --listen 127.0.0.1:"
                                        + BurstletProcess.freePort())
                        .directory(Repository.root().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().putAll(environment());
        Process process = builder.start();
        try {
            await("the node, see " + log)
                    .atMost(Duration.ofMinutes(2))
                    .failFast("it ended, see " + log, () -> !process.isAlive())
                    .until(() -> Conditions.ready(world.client(), "burst-1"));
        } finally {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            world.client().nodes().withName("burst-1").delete();
        }
        Files.delete(log);
    }
}
