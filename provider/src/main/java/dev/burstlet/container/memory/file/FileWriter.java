package dev.burstlet.container.memory.file;

import dev.burstlet.container.memory.file.Inode.RegularFile;
import java.io.IOException;
import java.io.OutputStream;

/** A file opened for writing; every write goes to its end. */
final class FileWriter extends OutputStream {
    private final Object lock;
    private final String path;
    private final RegularFile file;
    private final Tree tree;

    FileWriter(Object lock, String path, RegularFile file, Tree tree) {
        this.lock = lock;
        this.path = path;
        this.file = file;
        this.tree = tree;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        synchronized (lock) {
            if (!tree.hasRoom(count)) {
                throw new FileException(path, FileException.Cause.NO_SPACE);
            }
            file.append(bytes, offset, count);
        }
    }
}
