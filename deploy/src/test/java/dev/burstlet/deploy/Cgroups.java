package dev.burstlet.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The limits that this host's kernel holds pods and containers to, whichever cgroups it has. */
final class Cgroups {
    /** A shell's words that print the memory limit of the container they run in. */
    static final String OWN_MEMORY_LIMIT =
            "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null; true";

    private Cgroups() {}

    /** Of all containers of a pod together, in bytes. */
    static String memoryLimitOfPod(String uid) {
        for (Path limit :
                List.of(
                        Path.of("/sys/fs/cgroup/burstlet/pod" + uid, "memory.max"),
                        Path.of(
                                "/sys/fs/cgroup/memory/burstlet/pod" + uid,
                                "memory.limit_in_bytes"))) {
            if (Files.exists(limit)) {
                try {
                    return Files.readString(limit);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new AssertionError("no cgroup of pod " + uid);
    }
}
