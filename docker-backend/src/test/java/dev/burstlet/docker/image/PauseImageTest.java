package dev.burstlet.docker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.pod.BackendException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PauseImageTest {
    private static final Path SOURCES = Path.of("src/main/tool");

    @Test
    void theSameProgramMakesTheSameImage() {
        assertThat(PauseImage.archive("amd64")).isEqualTo(PauseImage.archive("x86_64"));
        assertThat(PauseImage.id("amd64")).matches("sha256:[0-9a-f]{64}");
        assertThat(PauseImage.id("arm64")).isNotEqualTo(PauseImage.id("amd64"));
        assertThat(PauseImage.REFERENCE).matches("dev\\.burstlet/pause:[0-9a-f]{12}");
    }

    @Test
    void anotherArchitectureIsRefusedByName() {
        assertThatThrownBy(() -> PauseImage.archive("riscv64"))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("riscv64");
    }

    @Test
    void theCommittedProgramsAreWhatTheSourcesMake(@TempDir Path out) throws Exception {
        Process build =
                new ProcessBuilder(SOURCES.resolve("build").toString(), out.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(out.resolve("log").toFile())
                        .start();
        boolean ended = build.waitFor(60, TimeUnit.SECONDS);
        Assumptions.assumeTrue(
                ended && build.exitValue() == 0, "no compiler: the programs are not rebuilt");
        Assumptions.assumeTrue(
                new String(resource("compiler.txt"), java.nio.charset.StandardCharsets.UTF_8)
                        .equals(Files.readString(out.resolve("compiler.txt"))),
                "another compiler than the one that made the committed programs");
        for (String name : new String[] {"tool-amd64", "tool-arm64"}) {
            if (Files.exists(out.resolve(name))) {
                assertThat(Files.readAllBytes(out.resolve(name)))
                        .as(name)
                        .isEqualTo(resource(name));
            }
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = PauseImage.class.getResourceAsStream(name)) {
            return java.util.Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
