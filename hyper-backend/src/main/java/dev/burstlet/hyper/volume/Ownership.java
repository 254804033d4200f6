package dev.burstlet.hyper.volume;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Owners and modes by number, as the JDK's unix attribute view sets them. */
final class Ownership {
    private static final int SETGID = 02000;
    private static final int GROUP_ALL = 0070;
    private static final int GROUP_READ = 0050;
    private static final int READ_WRITE = 0660;
    private static final int PERMISSIONS = 07777;

    private Ownership() {}

    static void mode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode & PERMISSIONS);
    }

    static void owner(Path path, long uid, long gid) throws IOException {
        Files.setAttribute(path, "unix:uid", (int) uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", (int) gid, LinkOption.NOFOLLOW_LINKS);
    }

    static int modeOf(Path path) throws IOException {
        return ((Integer) Files.getAttribute(path, "unix:mode")) & PERMISSIONS;
    }

    static int groupOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:gid");
    }

    /** An fsGroup's directory: what is made in it belongs to the group. */
    static void giveToGroup(Path directory, long group) throws IOException {
        Files.setAttribute(directory, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
        mode(directory, modeOf(directory) | SETGID | GROUP_ALL);
    }

    /** A directory of what is published, which the fsGroup reads and only the node writes. */
    static void showToGroup(Path directory, long group) throws IOException {
        Files.setAttribute(directory, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
        mode(directory, modeOf(directory) | SETGID | GROUP_READ);
    }

    /** All of a volume that was filled before, as the kubelet gives it to an fsGroup. */
    static void giveTreeToGroup(Path root, long group, boolean onlyOnMismatch) throws IOException {
        int wanted = SETGID | GROUP_ALL;
        if (onlyOnMismatch && groupOf(root) == group && (modeOf(root) & wanted) == wanted) {
            return;
        }
        Files.walkFileTree(
                root.toRealPath(),
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) throws IOException {
                        giveToGroup(directory, group);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.setAttribute(
                                file, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
                        if (!attributes.isSymbolicLink()) {
                            mode(file, modeOf(file) | READ_WRITE);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    static boolean groupOwned(Path directory) throws IOException {
        return (modeOf(directory) & SETGID) != 0;
    }
}
