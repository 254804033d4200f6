package dev.burstlet.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command that has ended: its exit code and what it said, errors apart. */
record Command(List<String> line, int code, String out, String err) {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    Command {
        line = List.copyOf(line);
    }

    /** Runs a command that has to end by itself within two minutes. */
    static Command run(Map<String, String> environment, String... line) {
        return run(environment, Path.of(""), LIMIT, line);
    }

    static Command run(
            Map<String, String> environment, Path directory, Duration limit, String... line) {
        try {
            Path out = Files.createTempFile("command", ".out");
            Path err = Files.createTempFile("command", ".err");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(line)
                                .directory(directory.toAbsolutePath().toFile())
                                .redirectInput(Path.of("/dev/null").toFile())
                                .redirectOutput(out.toFile())
                                .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(
                            String.join(" ", line)
                                    + " did not end within "
                                    + limit
                                    + ":\n"
                                    + Files.readString(out)
                                    + Files.readString(err));
                }
                return new Command(
                        List.of(line),
                        process.exitValue(),
                        Files.readString(out),
                        Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it said, where it has to have succeeded. */
    String output() {
        if (code != 0) {
            throw new AssertionError(
                    String.join(" ", line) + " ended with " + code + ":\n" + out + err);
        }
        return out;
    }
}
