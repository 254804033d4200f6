package dev.burstlet.serve.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value read from files and read again when they change, looked at every few seconds by whoever
 * asks. A changed file that cannot be read leaves the last value in place.
 */
public final class ReloadedFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadedFile.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final List<Path> files;
    private final Reader<T> reader;
    private final InstantSource clock;
    private volatile State<T> state;

    /**
     * Reads the files.
     *
     * @throws IOException where the files cannot be read the first time
     */
    public ReloadedFile(List<Path> files, Reader<T> reader, InstantSource clock)
            throws IOException {
        this.files = List.copyOf(files);
        this.reader = reader;
        this.clock = clock;
        this.state = new State<>(reader.read(), stamp(files), clock.instant());
    }

    /** The value, at most a few seconds older than the files. */
    public T get() {
        State<T> seen = state;
        Instant now = clock.instant();
        if (now.isBefore(seen.looked().plus(INTERVAL))) {
            return seen.value();
        }
        List<Long> stamp = stamp(files);
        T value = seen.value();
        if (!stamp.equals(seen.stamp())) {
            T fresh = readAgain();
            value = fresh == null ? value : fresh;
        }
        state = new State<>(value, stamp, now);
        return value;
    }

    private @Nullable T readAgain() {
        try {
            return reader.read();
        } catch (IOException e) {
            LOG.warn("{} changed but cannot be used: {}", files, e.getMessage());
            return null;
        }
    }

    private static List<Long> stamp(List<Path> files) {
        return files.stream().map(ReloadedFile::stamp).toList();
    }

    private static long stamp(Path file) {
        try {
            return 31 * Files.getLastModifiedTime(file).toMillis() + Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    /** Reads the value from its files. */
    @FunctionalInterface
    public interface Reader<T> {
        T read() throws IOException;
    }

    private record State<T>(T value, List<Long> stamp, Instant looked) {}
}
