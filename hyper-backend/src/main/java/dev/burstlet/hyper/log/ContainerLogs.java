package dev.burstlet.hyper.log;

import dev.burstlet.pod.LogRequest;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies log files of the CRI. A file that is rotated while it is followed is read to its end, then
 * the new one from its start.
 */
public final class ContainerLogs {
    private static final long POLL_MILLIS = 100;
    private static final int POLLS_PER_CHECK = 4;

    private ContainerLogs() {}

    /**
     * Copies what the request wants; with follow until {@code ended} says that the container has
     * ended and all is copied.
     */
    public static void copy(Path path, LogRequest request, OutputStream out, BooleanSupplier ended)
            throws IOException, InterruptedException {
        LogWriter writer = new LogWriter(request, out);
        try (Place place = new Place(path)) {
            LogFile first = place.file;
            if (first != null) {
                seekTail(first, request);
            }
            boolean over = !request.follow() || ended.getAsBoolean();
            int polls = 0;
            while (true) {
                drain(place, writer);
                if (over || writer.full()) {
                    return;
                }
                Thread.sleep(POLL_MILLIS);
                polls++;
                // Asked before the last draining, so that nothing written before the end is lost.
                over = polls % POLLS_PER_CHECK == 0 && ended.getAsBoolean();
            }
        }
    }

    /** How far a reader is: the file that it has open, if there was one yet. */
    private static final class Place implements Closeable {
        private final Path path;
        private @Nullable LogFile file;

        Place(Path path) throws IOException {
            this.path = path;
            this.file = openIfThere(path);
        }

        @Nullable LogFile here() throws IOException {
            if (file == null) {
                file = openIfThere(path);
            }
            return file;
        }

        void moveTo(LogFile next) throws IOException {
            LogFile before = file;
            file = next;
            if (before != null) {
                before.close();
            }
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }

    /** Removes a container's log and what was rotated from it. */
    public static void remove(Path path) throws IOException {
        Files.deleteIfExists(path);
        for (Path rotated : rotated(path)) {
            Files.deleteIfExists(rotated);
        }
        @Nullable Path directory = path.getParent();
        if (directory != null && Files.isDirectory(directory)) {
            try (Stream<Path> left = Files.list(directory)) {
                if (left.findAny().isPresent()) {
                    return;
                }
            }
            Files.deleteIfExists(directory);
        }
    }

    /** Oldest first. */
    static List<Path> rotated(Path path) throws IOException {
        @Nullable Path directory = path.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return List.of();
        }
        String prefix = path.getFileName() + ".";
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    private static void drain(Place place, LogWriter writer) throws IOException {
        LogFile current = place.here();
        if (current == null) {
            return;
        }
        readOut(current, writer);
        @Nullable LogFile next;
        while (!writer.full() && (next = successor(current, place.path)) != null) {
            try {
                // What came between the last reading and the renaming is in the old file still.
                readOut(current, writer);
            } finally {
                place.moveTo(next);
            }
            current = next;
            readOut(current, writer);
        }
        writer.flush();
    }

    /**
     * The file that is written after this one; null where it is still this one, or not there yet.
     * One that is gone was older than all that are there.
     */
    private static @Nullable LogFile successor(LogFile file, Path path) throws IOException {
        while (!file.is(path)) {
            List<Path> files = files(path);
            int next = 0;
            for (int i = 0; i < files.size() - 1; i++) {
                next = file.is(files.get(i)) ? i + 1 : next;
            }
            @Nullable LogFile opened = openIfThere(files.get(next));
            // The newest may have been renamed meanwhile: then another one comes before it.
            if (opened != null && files.equals(files(path))) {
                return opened;
            }
            if (opened != null) {
                opened.close();
            } else if (!Files.exists(path)) {
                return null;
            }
        }
        return null;
    }

    /** All that there are, in the order in which they are written. */
    private static List<Path> files(Path path) throws IOException {
        return Stream.concat(rotated(path).stream(), Stream.of(path)).toList();
    }

    private static void readOut(LogFile file, LogWriter writer) throws IOException {
        byte @Nullable [] line;
        while (!writer.full() && (line = file.nextLine()) != null) {
            Optional<LogLine> parsed = LogLine.parse(line);
            if (parsed.isPresent()) {
                writer.write(parsed.get());
            }
        }
    }

    private static @Nullable LogFile openIfThere(Path path) throws IOException {
        try {
            return LogFile.open(path);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * Leaves the file at the start of the last lines wanted. Counted are whole lines, also where
     * they are in several parts, and only of the source and time that the request asks for.
     */
    private static void seekTail(LogFile file, LogRequest request) throws IOException {
        @Nullable Long tail = request.tailLines();
        if (tail == null) {
            return;
        }
        LogWriter filter = new LogWriter(request, OutputStream.nullOutputStream());
        Deque<Long> starts = new ArrayDeque<>();
        long position = 0;
        long start = -1;
        byte @Nullable [] line;
        while ((line = file.nextLine()) != null) {
            Optional<LogLine> parsed = LogLine.parse(line);
            if (parsed.isPresent() && filter.wants(parsed.get())) {
                start = start < 0 ? position : start;
                if (!parsed.get().partial()) {
                    starts.addLast(start);
                    start = -1;
                    if (starts.size() > tail) {
                        starts.removeFirst();
                    }
                }
            }
            position += line.length + 1L;
        }
        if (start >= 0 && tail > 0) {
            starts.addLast(start);
            if (starts.size() > tail) {
                starts.removeFirst();
            }
        }
        file.position(starts.isEmpty() ? position : starts.getFirst());
    }
}
