package dev.burstlet.docker.stats;

import dev.burstlet.pod.HostStats.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** This machine's network interfaces. Those of another one can be seen in no container there. */
final class HostNetwork {
    private static final Path FILE = Path.of("/proc/net/dev");
    private static final int FIELDS = 12;

    private HostNetwork() {}

    /** Null where the kernel does not tell. */
    static @Nullable Network read(Instant now) {
        Map<String, Network.Interface> interfaces = new HashMap<>();
        try {
            for (String line : Files.readAllLines(FILE)) {
                int colon = line.indexOf(':');
                String[] fields = line.substring(colon + 1).strip().split("\\s+", -1);
                if (colon >= 0 && fields.length >= FIELDS) {
                    interfaces.put(line.substring(0, colon).strip(), counters(fields));
                }
            }
        } catch (IOException e) {
            return null;
        }
        return new Network(now, interfaces);
    }

    private static Network.Interface counters(String[] fields) {
        return new Network.Interface(
                Long.parseLong(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[8]),
                Long.parseLong(fields[9]),
                Long.parseLong(fields[10]),
                Long.parseLong(fields[11]));
    }
}
