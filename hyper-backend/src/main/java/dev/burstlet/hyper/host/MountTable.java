package dev.burstlet.hyper.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The mounts that this process sees, from /proc/self/mountinfo (proc(5)). */
public final class MountTable {
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT = 4;

    /** Where fields like {@code shared:7} begin, up to a dash. */
    private static final int OPTIONAL = 6;

    private MountTable() {}

    public static boolean mounted(Path target) throws IOException {
        return targets().contains(target);
    }

    /** Whether what is mounted below a path later is seen by who has left our namespace before. */
    public static boolean shared(Path path) throws IOException {
        Path nearest = Path.of("/");
        boolean shared = false;
        for (String line : lines()) {
            String[] fields = line.split(" ", -1);
            if (fields.length > OPTIONAL) {
                Path target = Path.of(unescape(fields[MOUNT_POINT]));
                if (path.startsWith(target) && target.getNameCount() >= nearest.getNameCount()) {
                    nearest = target;
                    shared = fields[OPTIONAL].startsWith("shared:");
                }
            }
        }
        return shared;
    }

    /** The mounts at or below a directory, in the order in which they can be taken away. */
    public static List<Path> beneath(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path target : targets()) {
            if (target.startsWith(directory)) {
                found.add(target);
            }
        }
        found.sort(Comparator.comparingInt(Path::getNameCount).reversed());
        return found;
    }

    private static List<Path> targets() throws IOException {
        List<Path> targets = new ArrayList<>();
        for (String line : lines()) {
            String[] fields = line.split(" ", MOUNT_POINT + 2);
            if (fields.length > MOUNT_POINT) {
                targets.add(Path.of(unescape(fields[MOUNT_POINT])));
            }
        }
        return targets;
    }

    private static String[] lines() throws IOException {
        return Files.readString(MOUNTINFO, StandardCharsets.ISO_8859_1).split("\n", -1);
    }

    /** Space, tab, newline and backslash stand as octal numbers. */
    static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && i + 3 < text.length()) {
                out.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
