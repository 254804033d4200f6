package dev.burstlet.docker.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mode of a bridge's ports in which a frame may leave by the port that it came in by. A pod
 * that reaches itself through a Service needs it, and a kubelet's networks have it; Docker sets it
 * only with {@code userland-proxy: false}. It is set here where the bridge is of this machine.
 */
final class Hairpin {
    private static final Logger LOG = LoggerFactory.getLogger(Hairpin.class);
    private static final Path INTERFACES = Path.of("/sys/class/net");

    private final Path interfaces;
    private final AtomicBoolean told = new AtomicBoolean();

    Hairpin() {
        this(INTERFACES);
    }

    /**
     * As {@code /sys/class/net} is elsewhere.
     *
     * @param interfaces a folder of that form
     */
    Hairpin(Path interfaces) {
        this.interfaces = interfaces;
    }

    /** Has all ports that the bridge has now in that mode, if it can. */
    void allow(String bridge) {
        Path ports = interfaces.resolve(bridge).resolve("brif");
        if (!Files.isDirectory(ports)) {
            return;
        }
        for (Path port : ports(ports)) {
            try {
                allow(port.resolve("hairpin_mode"));
            } catch (IOException e) {
                // A port that is gone since has no mode.
                if (Files.exists(port) && told.compareAndSet(false, true)) {
                    LOG.warn(
                            "Pods on bridge {} cannot reach themselves through a Service, unless"
                                    + " the engine runs with userland-proxy=false: {}",
                            bridge,
                            e.toString());
                }
            }
        }
    }

    private static void allow(Path mode) throws IOException {
        if (!Files.readString(mode).strip().equals("1")) {
            Files.writeString(mode, "1");
        }
    }

    private static List<Path> ports(Path folder) {
        try (Stream<Path> ports = Files.list(folder)) {
            return ports.toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("the ports in {} are not known: {}", folder, e.toString());
            return List.of();
        }
    }
}
