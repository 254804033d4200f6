package dev.burstlet.container.memory;

import dev.burstlet.container.Publication;
import dev.burstlet.container.memory.file.FileException;
import dev.burstlet.container.memory.file.FileException.Cause;
import dev.burstlet.container.memory.file.Inode;
import dev.burstlet.container.memory.file.Inode.Directory;
import dev.burstlet.container.memory.file.Inode.Link;
import dev.burstlet.container.memory.file.Inode.RegularFile;
import dev.burstlet.container.memory.file.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes publications; an atomic one as the kubelet's atomic writer: a directory per version,
 * {@code ..data} leading to the newest, and a link for each name. The caller holds the file lock.
 */
final class Publisher {
    private static final String DATA = "..data";
    private static final AtomicLong VERSIONS = new AtomicLong();

    private final Tree tree;
    private final Directory root;

    Publisher(Tree tree) {
        this.tree = tree;
        this.root = tree.quota();
    }

    void publish(Publication publication) throws FileException {
        long size = publication.files().stream().mapToLong(file -> file.content().length()).sum();
        if (tree.limitBytes() != 0 && size > tree.limitBytes()) {
            throw new FileException(publication.volume(), Cause.NO_SPACE);
        }
        if (publication.atomic()) {
            for (String point : publication.mountPoints()) {
                makeMountPoint(point);
            }
            atomic(publication.files());
        } else {
            for (Publication.File file : publication.files()) {
                write(root, file);
            }
        }
    }

    private void atomic(List<Publication.File> files) throws FileException {
        String version = "..v" + VERSIONS.incrementAndGet();
        Directory fresh = new Directory(0755, 0, group(0));
        for (Publication.File file : files) {
            write(fresh, file);
        }
        Set<String> names = new HashSet<>();
        files.forEach(file -> names.add(file.path().split("/", 2)[0]));
        @Nullable Inode before = root.entries().get(DATA);
        root.entries().put(version, fresh);
        root.entries().put(DATA, new Link(version, 0, 0));
        root.entries()
                .entrySet()
                .removeIf(entry ->
                        entry.getValue() instanceof Link link
                                && link.target().startsWith(DATA + "/")
                                && !names.contains(entry.getKey()));
        names.removeIf(name -> root.entries().get(name) instanceof Directory);
        names.forEach(name -> root.entries().put(name, new Link(DATA + "/" + name, 0, 0)));
        if (before instanceof Link link) {
            root.entries().remove(link.target());
        }
    }

    /** Beside the links: no update moves it. */
    private void makeMountPoint(String point) throws FileException {
        Directory directory = root;
        for (String name : point.split("/", -1)) {
            @Nullable Inode next = directory.entries().get(name);
            if (next == null) {
                next = directory.make(name, 0755, 0, group(0));
            }
            if (!(next instanceof Directory found)) {
                return;
            }
            directory = found;
        }
    }

    private long group(long wanted) {
        return (root.mode() & 02000) == 0 ? wanted : root.gid();
    }

    private void write(Directory base, Publication.File file) throws FileException {
        List<String> names = List.of(file.path().split("/", -1));
        if (names.contains("..") || names.contains("")) {
            throw new FileException(file.path(), Cause.ESCAPES);
        }
        Directory directory = base;
        for (String name : names.subList(0, names.size() - 1)) {
            @Nullable Inode next = directory.entries().get(name);
            if (next == null) {
                next = directory.make(name, 0755, 0, group(0));
            }
            if (!(next instanceof Directory found)) {
                throw new FileException(file.path(), Cause.NOT_DIRECTORY);
            }
            directory = found;
        }
        @Nullable Inode there = directory.entries().get(names.getLast());
        if (there instanceof RegularFile existing) {
            existing.replace(file.content());
            existing.mode(file.mode());
            existing.owner(file.uid(), group(file.gid()));
        } else if (there instanceof Directory) {
            throw new FileException(file.path(), Cause.IS_DIRECTORY);
        } else {
            directory
                    .entries()
                    .put(
                            names.getLast(),
                            new RegularFile(
                                    file.mode(), file.uid(), group(file.gid()), file.content()));
        }
    }
}
