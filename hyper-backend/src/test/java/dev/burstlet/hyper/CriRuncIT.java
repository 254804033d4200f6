package dev.burstlet.hyper;

import dev.burstlet.container.Ability;
import dev.burstlet.container.PodCgroupContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Containers that share the host's kernel. */
class CriRuncIT extends CriContract implements PodCgroupContract {
    @Override
    String handler() {
        return "runc";
    }

    /** containerd dials localhost in the pod, by the names of its own host. */
    @Override
    protected Optional<String> lacks(Ability ability) {
        return ability == Ability.IPV6_PORT_FORWARD && !named()
                ? Optional.of("localhost has no IPv6 address in this machine's /etc/hosts")
                : Optional.empty();
    }

    private static boolean named() {
        try (Stream<String> lines = Files.lines(Path.of("/etc/hosts"))) {
            return lines.anyMatch(line -> line.matches("::1\\s.*\\blocalhost\\b.*"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
