package dev.burstlet.hyper.volume;

import dev.burstlet.container.Publication;
import dev.burstlet.hyper.host.ConfinedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Files that are written in place, so that a bind mount of one shows the new contents. */
final class PlainFiles {
    private static final int DIRECTORY_MODE = 0755;

    private PlainFiles() {}

    static void write(Path volume, List<Publication.File> files) throws IOException {
        try (ConfinedDirectory confined = new ConfinedDirectory(volume)) {
            for (Publication.File file : files) {
                write(confined, file);
            }
        }
    }

    private static void write(ConfinedDirectory confined, Publication.File file)
            throws IOException {
        int slash = file.path().lastIndexOf('/');
        String parent = slash < 0 ? "" : file.path().substring(0, slash);
        try (ConfinedDirectory.Opened directory =
                confined.openOrMakeDirectory(parent, DIRECTORY_MODE)) {
            Path path = directory.path().resolve(file.path().substring(slash + 1));
            Files.write(
                    path,
                    file.content().bytes(),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    java.nio.file.LinkOption.NOFOLLOW_LINKS);
            Ownership.owner(path, file.uid(), file.gid());
            Ownership.mode(path, file.mode());
        }
    }
}
