package dev.burstlet.hyper.host;

import dev.burstlet.pod.HostStats.Filesystem;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The sizes of file systems. Java knows those in bytes; inodes are statvfs(3)'s. */
final class FileSystems {
    /** Of a struct of longs: bsize, frsize, blocks, bfree, bavail, files, ffree, and more. */
    private static final int STATVFS_BYTES = 256;

    private static final long FILES = 5;
    private static final long FILES_FREE = 6;
    private static final MethodHandle STATVFS = statvfs();

    private FileSystems() {}

    /** The one that a path is on; null where it cannot be told. */
    static @Nullable Filesystem of(
            Instant now, Path path, @Nullable Long usedBytes, @Nullable Long inodesUsed) {
        try {
            FileStore store = Files.getFileStore(path);
            long used = store.getTotalSpace() - store.getUnallocatedSpace();
            Inodes inodes = inodes(path);
            // Some file systems make inodes as they need them, and count none.
            boolean counted = inodes.all > 0;
            Long whole = counted ? Long.valueOf(inodes.all - inodes.free) : null;
            return new Filesystem(
                    now,
                    store.getUsableSpace(),
                    store.getTotalSpace(),
                    usedBytes == null ? used : usedBytes,
                    counted ? inodes.free : null,
                    counted ? inodes.all : null,
                    inodesUsed == null && usedBytes == null ? whole : inodesUsed);
        } catch (IOException e) {
            return null;
        }
    }

    private record Inodes(long all, long free) {}

    private static Inodes inodes(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment figures = arena.allocate(STATVFS_BYTES, Long.BYTES);
            int failed = (int) STATVFS.invokeExact(arena.allocateFrom(path.toString()), figures);
            return failed != 0
                    ? new Inodes(0, 0)
                    : new Inodes(
                            figures.getAtIndex(ValueLayout.JAVA_LONG, FILES),
                            figures.getAtIndex(ValueLayout.JAVA_LONG, FILES_FREE));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle statvfs() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("statvfs"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    }
}
