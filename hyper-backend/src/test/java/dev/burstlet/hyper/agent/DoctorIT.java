package dev.burstlet.hyper.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.hyper.TestRuntime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code burstlet doctor} says of this host and a real containerd on it. */
class DoctorIT {
    @TempDir Path folder;

    private record Said(int code, List<String> lines) {}

    @Test
    void aHostWithContainerdIsDescribed() throws Exception {
        TestRuntime runtime = TestRuntime.get();
        String certificate = new TestCertificates(folder).agent("host").certificate().toString();

        Said said =
                doctor(
                        List.of(
                                "--cri",
                                runtime.endpoint(),
                                "--runtime-handler",
                                "runsc",
                                "--root",
                                folder.toString(),
                                "--certificate",
                                certificate));

        assertThat(said.lines())
                .anyMatch(line -> line.equals("ok    socket: " + runtime.endpoint().substring(7)))
                .anyMatch(line -> line.matches("ok    runtime: containerd://v?\\d+\\.\\d+\\..*"))
                .anyMatch(line -> line.matches("ok    runtime handlers: .*runc.*"))
                .anyMatch(line -> line.matches("(ok   |WRONG) tmpfs: .*"))
                .anyMatch(line -> line.matches("(ok   |WRONG) disk: .* MiB free of .*"))
                .anyMatch(line -> line.matches("(ok   |WRONG) cgroups: .*"))
                .anyMatch(line -> line.startsWith("ok    clock: "))
                .anyMatch(line -> line.matches("ok    certificate: .*CN=host.*, until 20.*"));
        assertThat(said.lines()).noneMatch(line -> line.contains("is not among them"));
        assertThat(said.code())
                .isEqualTo(said.lines().stream().anyMatch(l -> l.startsWith("WRONG")) ? 1 : 0);
    }

    @Test
    void aHandlerThatIsNotThereIsWrong() throws Exception {
        Said said =
                doctor(
                        List.of(
                                "--cri",
                                TestRuntime.get().endpoint(),
                                "--runtime-handler",
                                "none-such"));

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.lines())
                .contains(
                        "WRONG runtime handler none-such is not among them: add it to the runtime's"
                                + " configuration and restart the runtime: docs/kata.md");
    }

    private Said doctor(List<String> arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(AgentProcess.program());
        line.add("doctor");
        line.addAll(arguments);
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        List<String> lines = out.lines().filter(text -> text.matches("(ok   |WRONG) .*")).toList();
        assertThat(lines).as("%s %s", out, Files.readString(errors)).isNotEmpty();
        return new Said(code, lines);
    }
}
