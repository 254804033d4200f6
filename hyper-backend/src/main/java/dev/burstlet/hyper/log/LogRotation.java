package dev.burstlet.hyper.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Keeps logs within bounds, as the kubelet's containerLogMaxSize and containerLogMaxFiles: a file
 * that is too long is renamed, the runtime is told to open a new one, the oldest are removed.
 *
 * @param maxFiles the one that is written counts
 */
public record LogRotation(long maxBytes, int maxFiles, InstantSource clock) {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** Tells the runtime that a container's log was renamed. */
    public interface Reopen {
        void reopen(String containerId);
    }

    public void rotateIfLong(String containerId, Path path, Reopen reopen) throws IOException {
        if (!Files.exists(path) || Files.size(path) < maxBytes) {
            return;
        }
        Path renamed =
                path.resolveSibling(path.getFileName() + "." + STAMP.format(clock.instant()));
        Files.move(path, renamed, StandardCopyOption.ATOMIC_MOVE);
        try {
            reopen.reopen(containerId);
        } catch (RuntimeException e) {
            // The runtime writes to the old file still: it gets its name back.
            if (!Files.exists(path)) {
                Files.move(renamed, path, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
        List<Path> rotated = ContainerLogs.rotated(path);
        for (Path old : rotated.subList(0, Math.max(0, rotated.size() - (maxFiles - 1)))) {
            Files.deleteIfExists(old);
        }
    }
}
