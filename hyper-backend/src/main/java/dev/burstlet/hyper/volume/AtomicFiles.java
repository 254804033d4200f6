package dev.burstlet.hyper.volume;

import dev.burstlet.container.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Contents that change all at once, laid out as the kubelet's atomic writer does: the files are in
 * a directory of their own, {@code ..data} is a link to it that is replaced by one rename, and each
 * visible name is a link through {@code ..data}. The volume is read-only for containers, so nobody
 * else writes here.
 */
final class AtomicFiles {
    private static final String DATA = "..data";
    private static final String DATA_DRAFT = "..data_tmp";
    private static final int DIRECTORY_MODE = 0755;
    private static final int GROUP_READ = 0040;
    private static final int OWNER_READ = 0400;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("'..'yyyy_MM_dd_HH_mm_ss.nnnnnnnnn")
                    .withZone(ZoneOffset.UTC);

    private final InstantSource clock;

    AtomicFiles(InstantSource clock) {
        this.clock = clock;
    }

    void replace(Path volume, Publication publication) throws IOException {
        List<Publication.File> files = publication.files();
        for (String point : publication.mountPoints()) {
            makeMountPoint(volume, point);
        }
        Path data = volume.resolve(DATA);
        if (Files.isSymbolicLink(data) && same(data, files)) {
            link(volume, files);
            return;
        }
        Path next = volume.resolve(STAMP.format(clock.instant()));
        boolean groupOwned = Ownership.groupOwned(volume);
        makeDirectory(next, volume, groupOwned);
        for (Publication.File file : files) {
            write(next, volume, file, groupOwned);
        }
        Path draft = volume.resolve(DATA_DRAFT);
        Files.deleteIfExists(draft);
        Files.createSymbolicLink(draft, next.getFileName());
        Files.move(
                draft, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        link(volume, files);
        removeOthers(volume, next, files);
    }

    /**
     * Something is mounted there, beside the links: no update moves it. Where a link of an earlier
     * publication is in the way, what that leads to has to do.
     */
    private static void makeMountPoint(Path volume, String point) throws IOException {
        boolean groupOwned = Ownership.groupOwned(volume);
        Path directory = volume;
        for (Path name : Path.of(point)) {
            directory = directory.resolve(name);
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                makeDirectory(directory, volume, groupOwned);
            } else if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
        }
    }

    private static boolean same(Path data, List<Publication.File> files) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Publication.File file : files) {
            Path path = data.resolve(file.path());
            names.add(file.path());
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(path) != file.content().length()
                    || !Arrays.equals(Files.readAllBytes(path), file.content().bytes())
                    || !sameOwnership(path, file)) {
                return false;
            }
        }
        try (Stream<Path> there = Files.walk(data.toRealPath())) {
            return there.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                            .count()
                    == names.size();
        }
    }

    private static boolean sameOwnership(Path path, Publication.File file) throws IOException {
        int uid = (Integer) Files.getAttribute(path, "unix:uid");
        return uid == (int) file.uid()
                && (Ownership.modeOf(path) | GROUP_READ) == (file.mode() | GROUP_READ);
    }

    private static void makeDirectory(Path directory, Path volume, boolean groupOwned)
            throws IOException {
        Files.createDirectory(directory);
        Ownership.mode(directory, DIRECTORY_MODE);
        if (groupOwned) {
            Ownership.showToGroup(directory, Ownership.groupOf(volume));
        }
    }

    private static void write(Path data, Path volume, Publication.File file, boolean groupOwned)
            throws IOException {
        Path path = data.resolve(file.path());
        makeParents(data, path.getParent(), volume, groupOwned);
        Files.write(
                path,
                file.content().bytes(),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
        boolean toGroup = groupOwned && file.gid() == 0;
        Ownership.owner(path, file.uid(), toGroup ? Ownership.groupOf(volume) : file.gid());
        Ownership.mode(path, toGroup ? file.mode() | GROUP_READ | OWNER_READ : file.mode());
    }

    private static void makeParents(
            Path data,
            @org.jspecify.annotations.Nullable Path directory,
            Path volume,
            boolean group)
            throws IOException {
        if (directory == null || directory.equals(data) || Files.isDirectory(directory)) {
            return;
        }
        makeParents(data, directory.getParent(), volume, group);
        makeDirectory(directory, volume, group);
    }

    /** A link for each first part of a path. */
    private static void link(Path volume, List<Publication.File> files) throws IOException {
        for (String name : visible(files)) {
            Path link = volume.resolve(name);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
    }

    private static void removeOthers(Path volume, Path current, List<Publication.File> files)
            throws IOException {
        Set<String> keep = visible(files);
        keep.add(DATA);
        keep.add(String.valueOf(current.getFileName()));
        try (Stream<Path> there = Files.list(volume)) {
            for (Path path : there.toList()) {
                String name = String.valueOf(path.getFileName());
                boolean mountPoint =
                        !name.startsWith("..")
                                && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                if (!keep.contains(name) && !mountPoint) {
                    delete(path);
                }
            }
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> children = Files.list(path)) {
                for (Path child : children.toList()) {
                    delete(child);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    private static Set<String> visible(List<Publication.File> files) {
        Set<String> names = new LinkedHashSet<>();
        for (Publication.File file : files) {
            int slash = file.path().indexOf('/');
            names.add(slash < 0 ? file.path() : file.path().substring(0, slash));
        }
        return names;
    }
}
