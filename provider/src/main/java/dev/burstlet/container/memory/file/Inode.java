package dev.burstlet.container.memory.file;

import dev.burstlet.container.Content;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A directory, file or symbolic link, named by the directories it is in. Not thread-safe. */
public abstract sealed class Inode {
    private static final AtomicLong NUMBERS = new AtomicLong(1);

    private final long number = NUMBERS.incrementAndGet();
    private int mode;
    private long uid;
    private long gid;

    private Inode(int mode, long uid, long gid) {
        this.mode = mode;
        this.uid = uid;
        this.gid = gid;
    }

    public long number() {
        return number;
    }

    public int mode() {
        return mode;
    }

    public void mode(int bits) {
        mode = bits;
    }

    public long uid() {
        return uid;
    }

    public long gid() {
        return gid;
    }

    public void owner(long newUid, long newGid) {
        uid = newUid;
        gid = newGid;
    }

    /** A directory. */
    public static final class Directory extends Inode {
        private final NavigableMap<String, Inode> entries = new TreeMap<>();

        public Directory(int mode, long uid, long gid) {
            super(mode, uid, gid);
        }

        public NavigableMap<String, Inode> entries() {
            return entries;
        }

        /** A new directory of this name, owned as the parent's setgid bit says. */
        public Directory make(String name, int mode, long uid, long gid) {
            boolean inherits = (mode() & 02000) != 0;
            Directory made =
                    new Directory(inherits ? mode | 02000 : mode, uid, inherits ? gid() : gid);
            entries.put(name, made);
            return made;
        }
    }

    /** A regular file. Published contents are shared until something is written to it. */
    public static final class RegularFile extends Inode {
        private static final byte[] NOTHING = {};

        private @Nullable Content shared;
        private byte[] own = NOTHING;
        private int length;

        public RegularFile(int mode, long uid, long gid, Content content) {
            super(mode, uid, gid);
            shared = content;
        }

        public int length() {
            return shared == null ? length : shared.length();
        }

        public byte[] bytes() {
            return shared == null ? Arrays.copyOf(own, length) : shared.bytes();
        }

        public void replace(Content content) {
            shared = content;
            own = NOTHING;
            length = 0;
        }

        /** Writes at the end. */
        public void append(byte[] bytes, int offset, int count) {
            if (shared != null) {
                own = shared.bytes();
                length = own.length;
                shared = null;
            }
            if (length + count > own.length) {
                own = Arrays.copyOf(own, Math.max(length + count, own.length * 2));
            }
            System.arraycopy(bytes, offset, own, length, count);
            length += count;
        }
    }

    /** A symbolic link. */
    public static final class Link extends Inode {
        private final String target;

        public Link(String target, long uid, long gid) {
            super(0777, uid, gid);
            this.target = target;
        }

        public String target() {
            return target;
        }
    }

    /** The bytes of all files below and of this one. */
    public static long size(Inode inode) {
        return switch (inode) {
            case RegularFile file -> file.length();
            case Link _ -> 0;
            case Directory directory ->
                    directory.entries().values().stream().mapToLong(Inode::size).sum();
        };
    }
}
