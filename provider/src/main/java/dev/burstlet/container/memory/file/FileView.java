package dev.burstlet.container.memory.file;

import dev.burstlet.container.Content;
import dev.burstlet.container.memory.file.FileException.Cause;
import dev.burstlet.container.memory.file.Inode.Directory;
import dev.burstlet.container.memory.file.Inode.Link;
import dev.burstlet.container.memory.file.Inode.RegularFile;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that a process sees: a root file system with others mounted into it. Paths are
 * absolute. Thread-safe by the host's lock.
 */
public final class FileView {
    private final Object lock;
    private final Resolver resolver;

    public FileView(Object lock, Tree root) {
        this(lock, root, Map.of());
    }

    /**
     * @param mounts by absolute path; places that are missing are made
     */
    public FileView(Object lock, Tree root, Map<String, Tree> mounts) {
        this.lock = lock;
        Map<List<String>, Tree> table = new HashMap<>();
        NavigableMap<String, Tree> sorted = new TreeMap<>(mounts);
        this.resolver = new Resolver(root, table, false);
        synchronized (lock) {
            sorted.forEach((path, tree) -> {
                makePlace(path, tree.root() instanceof Directory);
                table.put(Resolver.split(path), tree);
            });
        }
    }

    private FileView(Object lock, Resolver resolver) {
        this.lock = lock;
        this.resolver = resolver;
    }

    /** A view of one tree alone, in which a link that leads out of it is an error. */
    public static FileView confined(Object lock, Tree root) {
        return new FileView(lock, new Resolver(root, Map.of(), true));
    }

    /** The same files, of which the root file system cannot be written. */
    public FileView withReadOnlyRoot() {
        return new FileView(lock, resolver.withReadOnlyRoot());
    }

    private void makePlace(String path, boolean directory) {
        try {
            int slash = path.lastIndexOf('/');
            Resolver.Place parent = makeDirectories(path.substring(0, slash), 0755);
            String name = path.substring(slash + 1);
            if (!name.isEmpty() && parent.inode() instanceof Directory in) {
                in.entries()
                        .computeIfAbsent(
                                name,
                                _ ->
                                        directory
                                                ? new Directory(0755, 0, 0)
                                                : new RegularFile(0644, 0, 0, Content.EMPTY));
            }
        } catch (FileException e) {
            throw new IllegalArgumentException("cannot mount at " + e.getMessage(), e);
        }
    }

    /** What is at the path, links followed. */
    public Optional<Inode> find(String path) {
        synchronized (lock) {
            try {
                return Optional.of(resolver.resolve(path, Credentials.ROOT).inode());
            } catch (FileException e) {
                return Optional.empty();
            }
        }
    }

    /** What is at the path, a last link not followed. */
    public Optional<Inode> findLink(String path) {
        synchronized (lock) {
            try {
                Resolver.Slot slot = resolver.slot(path, Credentials.ROOT, false);
                return Optional.ofNullable(slot.inode());
            } catch (FileException e) {
                return Optional.empty();
            }
        }
    }

    public byte[] read(String path, Credentials user) throws FileException {
        synchronized (lock) {
            Inode inode = resolver.resolve(path, user).inode();
            if (!(inode instanceof RegularFile file)) {
                throw new FileException(path, Cause.IS_DIRECTORY);
            }
            if (!user.may(file, 4)) {
                throw new FileException(path, Cause.DENIED);
            }
            return file.bytes();
        }
    }

    public List<String> list(String path, Credentials user) throws FileException {
        synchronized (lock) {
            Inode inode = resolver.resolve(path, user).inode();
            if (!(inode instanceof Directory directory)) {
                throw new FileException(path, Cause.NOT_DIRECTORY);
            }
            if (!user.may(directory, 4)) {
                throw new FileException(path, Cause.DENIED);
            }
            return List.copyOf(directory.entries().keySet());
        }
    }

    /** Opens a file for writing, made when it is missing. */
    public OutputStream write(String path, boolean append, Credentials user) throws FileException {
        synchronized (lock) {
            Resolver.Slot slot = resolver.slot(path, user, true);
            RegularFile file;
            if (slot.inode() == null) {
                Directory parent = writable(slot, user);
                file = new RegularFile(0644, user.uid(), group(parent, user), Content.EMPTY);
                parent.entries().put(slot.name(), file);
            } else if (slot.inode() instanceof RegularFile existing) {
                requireWritable(slot, existing, user);
                file = existing;
            } else {
                throw new FileException(path, Cause.IS_DIRECTORY);
            }
            if (!append) {
                file.replace(Content.EMPTY);
            }
            return new FileWriter(lock, path, file, slot.tree());
        }
    }

    private static long group(Directory parent, Credentials user) {
        return (parent.mode() & 02000) == 0 ? user.gid() : parent.gid();
    }

    private static void requireWritable(Resolver.Slot slot, Inode inode, Credentials user)
            throws FileException {
        if (slot.tree().readOnly()) {
            throw new FileException(slot.path(), Cause.READ_ONLY);
        }
        if (!user.may(inode, 2)) {
            throw new FileException(slot.path(), Cause.DENIED);
        }
    }

    private static Directory writable(Resolver.Slot slot, Credentials user) throws FileException {
        @Nullable Directory parent = slot.parent();
        if (parent == null) {
            throw new FileException(slot.path(), Cause.BUSY);
        }
        if (slot.parentReadOnly()) {
            throw new FileException(slot.path(), Cause.READ_ONLY);
        }
        if (!user.may(parent, 2)) {
            throw new FileException(slot.path(), Cause.DENIED);
        }
        return parent;
    }

    public void makeDirectory(String path, boolean parents, Credentials user) throws FileException {
        synchronized (lock) {
            List<String> names = Resolver.split(path);
            for (int i = parents ? 1 : names.size(); i <= names.size(); i++) {
                String part = "/" + String.join("/", names.subList(0, i));
                Resolver.Slot slot = resolver.slot(part, user, true);
                if (slot.inode() == null) {
                    Directory parent = writable(slot, user);
                    parent.make(slot.name(), 0755, user.uid(), user.gid());
                } else if (!(parents && slot.inode() instanceof Directory)) {
                    throw new FileException(path, Cause.EXISTS);
                }
            }
        }
    }

    /** Makes directories as the host does, whatever the rights; returns the last. */
    Resolver.Place makeDirectories(String path, int mode) throws FileException {
        StringBuilder done = new StringBuilder();
        for (String name : Resolver.split(path)) {
            done.append('/').append(name);
            Resolver.Slot slot = resolver.slot(done.toString(), Credentials.ROOT, true);
            @Nullable Directory parent = slot.parent();
            if (slot.inode() == null && parent != null) {
                parent.make(slot.name(), mode, 0, 0);
            }
        }
        return resolver.resolve(path, Credentials.ROOT);
    }

    /** What is at the path; directories that are missing are made with the mode. */
    public Tree ensureDirectory(String path, int mode) throws FileException {
        synchronized (lock) {
            Resolver.Place place = makeDirectories(path, mode);
            return place.tree().at(place.inode(), false);
        }
    }

    public void link(String target, String path, Credentials user) throws FileException {
        synchronized (lock) {
            Resolver.Slot slot = resolver.slot(path, user, false);
            if (slot.inode() != null) {
                throw new FileException(path, Cause.EXISTS);
            }
            writable(slot, user)
                    .entries()
                    .put(slot.name(), new Link(target, user.uid(), user.gid()));
        }
    }

    public void remove(String path, boolean recursive, Credentials user) throws FileException {
        synchronized (lock) {
            Resolver.Slot slot = resolver.slot(path, user, false);
            @Nullable Inode inode = slot.inode();
            if (inode == null) {
                throw new FileException(path, Cause.NOT_FOUND);
            }
            if (slot.mountPoint()) {
                throw new FileException(path, Cause.BUSY);
            }
            if (!recursive && inode instanceof Directory) {
                throw new FileException(path, Cause.IS_DIRECTORY);
            }
            writable(slot, user).entries().remove(slot.name());
        }
    }

    public void rename(String from, String to, Credentials user) throws FileException {
        synchronized (lock) {
            Resolver.Slot source = resolver.slot(from, user, false);
            Resolver.Slot target = resolver.slot(to, user, false);
            @Nullable Inode inode = source.inode();
            if (inode == null) {
                throw new FileException(from, Cause.NOT_FOUND);
            }
            if (source.mountPoint() || target.mountPoint()) {
                throw new FileException(to, Cause.BUSY);
            }
            Directory destination = writable(target, user);
            writable(source, user).entries().remove(source.name());
            destination.entries().put(target.name(), inode);
        }
    }

    /** Changes mode bits. */
    public void mode(String path, int bits, Credentials user) throws FileException {
        synchronized (lock) {
            Resolver.Slot slot = resolver.slot(path, user, true);
            @Nullable Inode inode = slot.inode();
            if (inode == null) {
                throw new FileException(path, Cause.NOT_FOUND);
            }
            if (slot.tree().readOnly()) {
                throw new FileException(path, Cause.READ_ONLY);
            }
            if (user.uid() != 0 && user.uid() != inode.uid()) {
                throw new FileException(path, Cause.DENIED);
            }
            inode.mode(bits);
        }
    }

    /** All mounted places, for {@code mount}. */
    public List<String> mountPoints() {
        return new ArrayList<>(resolver.mountPoints());
    }
}
