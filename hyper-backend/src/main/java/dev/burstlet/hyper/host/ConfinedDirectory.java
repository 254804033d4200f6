package dev.burstlet.hyper.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory held open, beneath which paths are opened that may contain links planted by a pod.
 * Links are followed as long as they stay beneath it; absolute links and {@code ..} that lead out
 * are refused by the kernel. What was opened is used through {@link Opened#path()}, which names the
 * very inode, so that a link swapped in later changes nothing.
 */
public final class ConfinedDirectory implements Closeable {
    private final int descriptor;

    public ConfinedDirectory(Path directory) throws IOException {
        this.descriptor = Linux.openRoot(directory);
    }

    /** Opens what is there; a {@link SystemCallException} with ENOENT where there is nothing. */
    public Opened open(String path) throws IOException {
        return new Opened(Linux.openBeneath(descriptor, path.isEmpty() ? "." : path));
    }

    /** Opens what is there, made as directories of exactly this mode where it is missing. */
    public Opened openOrMakeDirectory(String path, int mode) throws IOException {
        StringBuilder prefix = new StringBuilder();
        for (String part : parts(path)) {
            String parent = prefix.isEmpty() ? "." : prefix.toString();
            prefix.append(prefix.isEmpty() ? "" : "/").append(part);
            makeIfMissing(parent, part, prefix.toString(), mode);
        }
        return open(prefix.toString());
    }

    private void makeIfMissing(String parent, String name, String path, int mode)
            throws IOException {
        try {
            open(path).close();
            return;
        } catch (SystemCallException e) {
            if (e.number() != Linux.ENOENT) {
                throw e;
            }
        }
        try (Opened directory = open(parent)) {
            Linux.makeDirectory(directory.descriptor, name, mode);
        } catch (SystemCallException e) {
            if (e.number() != Linux.EEXIST) {
                throw e;
            }
            return;
        }
        // The process's umask took part of it away.
        try (Opened made = open(path)) {
            Files.setAttribute(made.path(), "unix:mode", mode);
        }
    }

    private static List<String> parts(String path) {
        return List.of(path.split("/", -1)).stream()
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
    }

    @Override
    public void close() {
        Linux.close(descriptor);
    }

    /** An open file or directory. */
    public static final class Opened implements Closeable {
        private final int descriptor;

        private Opened(int descriptor) {
            this.descriptor = descriptor;
        }

        /** A path to this inode, as long as it is open. */
        public Path path() {
            return Path.of("/proc/self/fd", Integer.toString(descriptor));
        }

        @Override
        public void close() {
            Linux.close(descriptor);
        }
    }
}
