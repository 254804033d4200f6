package dev.burstlet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What class files no longer show: the length of files, and each package's description. */
class SourceRulesTest {
    private static final int MAX_LINES = 400;
    private static final List<String> MODULES =
            List.of("provider", "docker-backend", "hyper-backend", "deploy");

    @Test
    void noProductionFileIsLongerThan400Lines() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : javaFiles("src/main/java")) {
            int lines = Files.readAllLines(file).size();
            if (lines > MAX_LINES) {
                tooLong.add(file + ": " + lines + " lines");
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyPackageIsDescribedAndNullMarked() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<Path> files = new ArrayList<>(javaFiles("src/main/java"));
        files.addAll(javaFiles("src/test/java"));
        for (Path directory :
                files.stream().map(SourceRulesTest::directoryOf).distinct().toList()) {
            Path info = packageInfoFor(directory);
            if (!Files.exists(info)) {
                wrong.add(directory + ": no package-info.java");
                continue;
            }
            String text = Files.readString(info);
            if (!text.startsWith("/**") || !text.contains("@NullMarked")) {
                wrong.add(info + ": needs a doc comment and @NullMarked");
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** A test package is described by the production package of the same name, if there is one. */
    private static Path packageInfoFor(Path directory) {
        Path own = directory.resolve("package-info.java");
        if (Files.exists(own)) {
            return own;
        }
        return Path.of(own.toString().replace("/src/test/java/", "/src/main/java/"));
    }

    private static Path directoryOf(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no directory holds " + file);
        }
        return parent;
    }

    private static List<Path> javaFiles(String sources) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : MODULES) {
            Path root = Path.of("..", module, sources);
            if (!Files.isDirectory(root)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }
}
