package dev.burstlet.hyper.volume;

import dev.burstlet.hyper.host.ConfinedDirectory;
import dev.burstlet.hyper.host.Linux;
import dev.burstlet.hyper.host.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Binds of parts of volumes. A pod may plant links in its volume and swap them while its next
 * container is made; so the path is opened by the kernel with the promise not to leave the volume
 * (openat2, RESOLVE_BENEATH), and what is bound is the open inode, by its descriptor. No name is
 * looked up again after the check. What is missing is made with the volume's own mode, so that who
 * may write to the volume may write there.
 */
final class SubPaths {
    Path bind(Path volume, String subPath, Path target) throws IOException {
        if (Files.exists(target) && MountTable.mounted(target)) {
            Linux.unmount(target);
        }
        try (ConfinedDirectory confined = new ConfinedDirectory(volume);
                ConfinedDirectory.Opened opened =
                        confined.openOrMakeDirectory(subPath, Ownership.modeOf(volume))) {
            makeTarget(target, Files.isDirectory(opened.path()));
            Linux.mount(opened.path().toString(), target, "", Linux.MS_BIND | Linux.MS_REC, "");
        }
        return target;
    }

    private static void makeTarget(Path target, boolean directory) throws IOException {
        Files.deleteIfExists(target);
        if (directory) {
            Files.createDirectories(target);
            return;
        }
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createFile(target);
    }
}
