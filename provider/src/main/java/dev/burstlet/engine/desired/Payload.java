package dev.burstlet.engine.desired;

import dev.burstlet.container.Content;
import dev.burstlet.container.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of a volume as they gather; the later of one path wins, as in the kubelet. */
final class Payload {
    private static final int PATH_LIMIT = 4096;
    private static final int NAME_LIMIT = 255;
    private static final int MODE_BITS = 0777;

    /** What the kubelet adds for an fsGroup in volumes that it mounts read-only. */
    private static final int GROUP_MODE = 0440;

    private final NavigableMap<String, Publication.File> files = new TreeMap<>();
    private final @Nullable Long fsGroup;

    Payload(@Nullable Long fsGroup) {
        this.fsGroup = fsGroup;
    }

    /**
     * Adds a file.
     *
     * @param user the owner, or null for root
     * @throws IllegalArgumentException for a path that no volume can have
     */
    void put(String path, int mode, @Nullable Long user, Content content) {
        String clean = clean(path);
        int bits = mode & MODE_BITS;
        files.put(
                clean,
                new Publication.File(
                        clean,
                        fsGroup == null ? bits : bits | GROUP_MODE,
                        user == null ? 0 : user,
                        fsGroup == null ? 0 : fsGroup,
                        content));
    }

    /**
     * All files in the order of their paths.
     *
     * @throws IllegalArgumentException where one path is both file and directory
     */
    List<Publication.File> files() {
        for (String path : files.keySet()) {
            for (int i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) {
                if (files.containsKey(path.substring(0, i))) {
                    throw new IllegalArgumentException(
                            "path %s is both a file and a directory"
                                    .formatted(path.substring(0, i)));
                }
            }
        }
        return List.copyOf(files.values());
    }

    private static String clean(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            throw new IllegalArgumentException("invalid path: must not be empty: \"\"");
        }
        if (path.startsWith("/")) {
            throw invalid("must be relative path", path);
        }
        if (path.length() > PATH_LIMIT) {
            throw invalid("must be less than or equal to 4096 characters", path);
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                throw invalid("must not contain '..'", path);
            }
            if (part.length() > NAME_LIMIT) {
                throw invalid("filenames must be less than or equal to 255 characters", path);
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        if (parts.isEmpty() || parts.getFirst().startsWith("..")) {
            throw invalid("must not start with '..'", path);
        }
        return String.join("/", parts);
    }

    private static IllegalArgumentException invalid(String why, String path) {
        return new IllegalArgumentException("invalid path: %s: %s".formatted(why, path));
    }
}
