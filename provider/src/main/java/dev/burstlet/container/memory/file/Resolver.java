package dev.burstlet.container.memory.file;

import dev.burstlet.container.memory.file.FileException.Cause;
import dev.burstlet.container.memory.file.Inode.Directory;
import dev.burstlet.container.memory.file.Inode.Link;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Walks a path through directories, links and mounts. */
final class Resolver {
    private static final int MAX_LINKS = 40;

    private final Tree root;
    private final Map<List<String>, Tree> mounts;
    private final boolean confined;

    Resolver(Tree root, Map<List<String>, Tree> mounts, boolean confined) {
        this.root = root;
        this.mounts = mounts;
        this.confined = confined;
    }

    Resolver withReadOnlyRoot() {
        return new Resolver(root.at(root.root(), true), mounts, confined);
    }

    /** An inode and the tree that it was reached in. */
    record Place(Inode inode, Tree tree) {}

    /**
     * A name in a directory.
     *
     * @param parent null for a root
     * @param inode null where there is none of that name
     * @param tree of the inode, or of the parent
     */
    record Slot(
            String path,
            @Nullable Directory parent,
            boolean parentReadOnly,
            String name,
            @Nullable Inode inode,
            Tree tree,
            boolean mountPoint) {}

    static List<String> split(String path) {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return names;
    }

    List<String> mountPoints() {
        return mounts.keySet().stream()
                .map(names -> "/" + String.join("/", names))
                .sorted()
                .toList();
    }

    Place resolve(String path, Credentials user) throws FileException {
        Slot slot = slot(path, user, true);
        @Nullable Inode inode = slot.inode();
        if (inode == null) {
            throw new FileException(path, Cause.NOT_FOUND);
        }
        return new Place(inode, slot.tree());
    }

    Slot slot(String path, Credentials user, boolean followLast) throws FileException {
        Walk walk = new Walk(path, user);
        Deque<String> left = new ArrayDeque<>(split(path));
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.removeFirst();
            if (name.equals("..")) {
                walk.up();
                continue;
            }
            Slot next = walk.enter(name);
            if (next.inode() instanceof Link link && (followLast || !left.isEmpty())) {
                if (++links > MAX_LINKS) {
                    throw new FileException(path, Cause.LOOP);
                }
                walk.follow(link, left);
            } else if (left.isEmpty()) {
                return next;
            } else {
                walk.down(next);
            }
        }
        Place here = walk.places.getLast();
        return new Slot(path, null, here.tree().readOnly(), "", here.inode(), here.tree(), true);
    }

    /** Where a walk has come to. */
    private final class Walk {
        private final String path;
        private final Credentials user;
        private final List<Place> places = new ArrayList<>();
        private final List<String> names = new ArrayList<>();

        Walk(String path, Credentials user) {
            this.path = path;
            this.user = user;
            places.add(new Place(root.root(), root));
        }

        Slot enter(String name) throws FileException {
            Place here = places.getLast();
            if (!(here.inode() instanceof Directory directory)) {
                throw new FileException(path, Cause.NOT_DIRECTORY);
            }
            if (!user.may(directory, 1)) {
                throw new FileException(path, Cause.DENIED);
            }
            List<String> full = new ArrayList<>(names);
            full.add(name);
            @Nullable Tree mounted = mounts.get(full);
            boolean readOnly = here.tree().readOnly();
            return mounted != null
                    ? new Slot(path, directory, readOnly, name, mounted.root(), mounted, true)
                    : new Slot(
                            path,
                            directory,
                            readOnly,
                            name,
                            directory.entries().get(name),
                            here.tree(),
                            false);
        }

        void down(Slot next) throws FileException {
            @Nullable Inode inode = next.inode();
            if (inode == null) {
                throw new FileException(path, Cause.NOT_FOUND);
            }
            places.add(new Place(inode, next.tree()));
            names.add(next.name());
        }

        void up() throws FileException {
            if (places.size() > 1) {
                places.removeLast();
                names.removeLast();
            } else if (confined) {
                throw new FileException(path, Cause.ESCAPES);
            }
        }

        void follow(Link link, Deque<String> left) throws FileException {
            if (link.target().startsWith("/")) {
                if (confined) {
                    throw new FileException(path, Cause.ESCAPES);
                }
                places.subList(1, places.size()).clear();
                names.clear();
            }
            split(link.target()).reversed().forEach(left::addFirst);
        }
    }
}
