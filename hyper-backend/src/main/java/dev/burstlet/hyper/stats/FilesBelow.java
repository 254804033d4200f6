package dev.burstlet.hyper.stats;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The files of a directory and of those below it, links not followed.
 *
 * @param bytes of the regular ones
 * @param count of all, directories included, as inodes are counted
 */
record FilesBelow(long bytes, long count) {
    /** What goes away meanwhile is not counted. */
    static FilesBelow of(Path directory) {
        Count count = new Count();
        try {
            Files.walkFileTree(directory, count);
        } catch (IOException e) {
            return new FilesBelow(count.bytes, count.files);
        }
        return new FilesBelow(count.bytes, count.files);
    }

    private static final class Count extends SimpleFileVisitor<Path> {
        private long bytes;
        private long files;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            files++;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files++;
            bytes += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}
