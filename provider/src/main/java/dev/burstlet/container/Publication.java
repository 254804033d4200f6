package dev.burstlet.container;

import java.util.List;

/**
 * Contents for one volume.
 *
 * @param atomic laid out as the kubelet's atomic writer does ({@code ..data} and links to it), all
 *     earlier contents replaced in one step; otherwise each file is written over the one that is
 *     there, in place, keeping its inode, and other files are left alone
 * @param mountPoints directories, relative to the volume, that other volumes are mounted on; they
 *     are made, with mode 0755, before the files are seen, and stay
 */
public record Publication(
        String volume, List<File> files, boolean atomic, List<String> mountPoints) {
    public Publication {
        files = List.copyOf(files);
        mountPoints = List.copyOf(mountPoints);
    }

    /** One whose volume has nothing mounted inside. */
    public Publication(String volume, List<File> files, boolean atomic) {
        this(volume, files, atomic, List.of());
    }

    /**
     * A file.
     *
     * @param path relative to the volume, with no {@code ..}; directories on the way are made
     * @param mode permission bits, as 0644
     */
    public record File(String path, int mode, long uid, long gid, Content content) {
        /** The path only: contents may be secrets. */
        @Override
        public String toString() {
            return path;
        }
    }
}
