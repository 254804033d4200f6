package dev.burstlet.deploy;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the repository and its distribution lie. */
final class Repository {
    private Repository() {}

    static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (Path place = start; place != null; place = place.getParent()) {
            if (Files.isExecutable(place.resolve("quickstart"))) {
                return place;
            }
        }
        throw new IllegalStateException("no quickstart above " + start);
    }

    /** The assembled program; the property {@code burstlet.executable} names another. */
    static Path burstlet() {
        String given = System.getProperty("burstlet.executable");
        Path program =
                given == null
                        ? root().resolve("deploy/target/burstlet/bin/burstlet")
                        : Path.of(given);
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(
                    program + " is not there: run ./mvnw -DskipTests package first");
        }
        return program;
    }
}
