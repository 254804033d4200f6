package dev.burstlet.container.memory.file;

import java.util.List;

/** Whom a file is opened by. */
public record Credentials(long uid, long gid, List<Long> groups) {
    public static final Credentials ROOT = new Credentials(0, 0, List.of());

    public Credentials {
        groups = List.copyOf(groups);
    }

    /** Whether one of the permission bits 4 (read), 2 (write), 1 (search) is granted. */
    boolean may(Inode inode, int bit) {
        if (uid == 0) {
            return true;
        }
        if (inode.uid() == uid) {
            return (inode.mode() >> 6 & bit) != 0;
        }
        if (inode.gid() == gid || groups.contains(inode.gid())) {
            return (inode.mode() >> 3 & bit) != 0;
        }
        return (inode.mode() & bit) != 0;
    }
}
