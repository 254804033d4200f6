package dev.burstlet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the launcher of the distribution starts the program: by its compilers and its ciphers. */
class LauncherIT {
    private static final String LIBRARY = "libamazonCorrettoCryptoProvider.so";

    @Test
    void nativeCiphersAreTakenWithTheFirstCompilerAlone() throws Exception {
        assumeTrue(
                System.getProperty("os.name").equals("Linux"),
                "the distribution has native ciphers for Linux alone");

        String said = said(Repository.burstlet());

        assertThat(said).containsPattern("Loaded library .*" + LIBRARY);
        assertThat(said).containsPattern("TieredStopAtLevel += 1 ");
        assertThat(said).doesNotContain("slower ciphers");
    }

    @Test
    void withoutThemTheCiphersAreTheJdksAndTheSecondCompilerIsAtWork(@TempDir Path elsewhere)
            throws Exception {
        Path home = Repository.burstlet().resolve("../..").normalize();
        Path lib = Files.createDirectories(elsewhere.resolve("lib"));
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.createSymbolicLink(lib.resolve(file.getFileName()), file);
            }
        }
        Files.createSymbolicLink(elsewhere.resolve("conf"), home.resolve("conf"));
        Path bin = Files.createDirectories(elsewhere.resolve("bin"));
        Path launcher = Files.copy(Repository.burstlet(), bin.resolve("burstlet"));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();

        String said = said(launcher);

        assertThat(said).doesNotContain(LIBRARY);
        assertThat(said).containsPattern("TieredStopAtLevel += 4 ");
    }

    private static String said(Path launcher) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(launcher.toString(), "--version");
        command.environment().put("BURSTLET_JAVA_OPTS", "-Xlog:library=info -XX:+PrintFlagsFinal");
        Process process = command.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
