package dev.burstlet.app.compose;

import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.config.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The seccomp profiles of a node's directory, as a kubelet has them below its root. */
final class SeccompFiles {
    private SeccompFiles() {}

    /**
     * The texts by their paths in the directory; none where there is no directory.
     *
     * @throws ConfigurationException where it cannot be read
     */
    static Map<String, String> read(Node node) {
        String directory = node.seccompProfiles();
        if (directory == null) {
            return Map.of();
        }
        Path root = Path.of(directory);
        Map<String, String> texts = new HashMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            List<Path> files = all.filter(Files::isRegularFile).toList();
            for (Path file : files) {
                texts.put(root.relativize(file).toString(), Files.readString(file));
            }
            return texts;
        } catch (IOException e) {
            throw new ConfigurationException(
                    "node %s: seccompProfiles: %s cannot be read".formatted(node.name(), e));
        }
    }
}
