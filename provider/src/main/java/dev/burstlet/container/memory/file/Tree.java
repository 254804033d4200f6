package dev.burstlet.container.memory.file;

import dev.burstlet.container.memory.file.Inode.Directory;

/**
 * A file system: what quota and read-only hold for.
 *
 * @param root a directory, or the one file that is mounted
 * @param quota the tree whose size is limited, of which root is a part
 * @param limitBytes 0 is no limit
 */
public record Tree(Inode root, Directory quota, long limitBytes, boolean readOnly) {
    public static Tree of(Directory root, long limitBytes) {
        return new Tree(root, root, limitBytes, false);
    }

    /** A part of it. */
    public Tree at(Inode part, boolean mountedReadOnly) {
        return new Tree(part, quota, limitBytes, readOnly || mountedReadOnly);
    }

    boolean hasRoom(long more) {
        return limitBytes == 0 || Inode.size(quota) + more <= limitBytes;
    }
}
