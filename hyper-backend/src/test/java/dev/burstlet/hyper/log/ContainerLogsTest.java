package dev.burstlet.hyper.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.pod.LogRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Log files of the CRI, as they are read and as they are followed while they are rotated. */
@Timeout(60)
class ContainerLogsTest {
    private static final String TIME = "2026-11-27T14:00:00.5Z";

    @TempDir private Path directory;

    @Test
    void copiesLinesOfBothOutputsAndJoinsParts() throws IOException, InterruptedException {
        write(
                TIME
                        + " stdout F one\n"
                        + TIME
                        + " stderr P tw\n"
                        + TIME
                        + " stdout F three\n"
                        + TIME
                        + " stderr F o\n"
                        + TIME
                        + " stdout F \n");
        assertThat(copy(LogRequest.ALL)).isEqualTo("one\ntwthree\no\n\n");
        assertThat(copy(request(null, null, null, LogRequest.Source.STDERR))).isEqualTo("two\n");
        assertThat(copy(request(2L, null, null, LogRequest.Source.STDOUT))).isEqualTo("three\n\n");
        assertThat(copy(request(null, null, 5L, LogRequest.Source.ALL))).isEqualTo("one\nt");
    }

    @Test
    void leavesOutWhatIsNoEntry() throws IOException, InterruptedException {
        write(
                "garbage\n"
                        + TIME
                        + " stdwhat F x\n2026 stdout F y\n\0\0\0\n"
                        + TIME
                        + " stdout F z\n"
                        + TIME
                        + " stdo");
        assertThat(copy(LogRequest.ALL)).isEqualTo("z\n");
    }

    @Test
    void startsAtTheTimeAskedFor() throws IOException, InterruptedException {
        write(
                "2026-11-27T13:59:59.9Z stdout F before\n2026-11-27T16:00:00.5+02:00 stdout F then\n");
        assertThat(copy(request(null, Instant.parse(TIME), null, LogRequest.Source.ALL)))
                .isEqualTo("then\n");
    }

    @Test
    void copiesLinesLongerThanItsBuffer() throws IOException, InterruptedException {
        String text = "x".repeat(200_000);
        write(TIME + " stdout F " + text + "\n" + TIME + " stdout F end\n");
        assertThat(copy(LogRequest.ALL)).isEqualTo(text + "\nend\n");
    }

    /** A reader that is behind by several files reads them all, in their order. */
    @Test
    void followsThroughAllFilesThatWereRotatedMeanwhile() throws IOException, InterruptedException {
        assertThat(followed(4)).isEqualTo("0\n1\n2\n3\n4\n");
        assertThat(ContainerLogs.rotated(log())).hasSize(4);
    }

    @Test
    void goesOnWithTheOldestThatIsLeftWhereItsFileIsGone()
            throws IOException, InterruptedException {
        assertThat(followed(7)).isEqualTo("0\n2\n3\n4\n5\n6\n7\n");
    }

    /** What is read of a log that is rotated so often between its first file and the next look. */
    private String followed(int rotations) throws IOException, InterruptedException {
        write(TIME + " stdout F 0\n");
        AtomicInteger second = new AtomicInteger();
        AtomicBoolean ended = new AtomicBoolean();
        ByteArrayOutputStream out =
                new ByteArrayOutputStream() {
                    @Override
                    public synchronized void write(byte[] bytes, int offset, int length) {
                        super.write(bytes, offset, length);
                        if (second.get() == 0) {
                            rotate(second, rotations);
                            ended.set(true);
                        }
                    }
                };
        LogRequest follow =
                new LogRequest(true, false, false, null, null, null, LogRequest.Source.ALL);
        ContainerLogs.copy(log(), follow, out, ended::get);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** As often as said, each time with one new line behind; five files are kept. */
    private void rotate(AtomicInteger second, int times) {
        try {
            for (int i = 0; i < times; i++) {
                Instant now = Instant.parse(TIME).plusSeconds(second.incrementAndGet());
                LogRotation rotation = new LogRotation(1, 6, Clock.fixed(now, ZoneOffset.UTC));
                rotation.rotateIfLong("c", log(), _ -> {});
                write(TIME + " stdout F " + second.get() + "\n");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static LogRequest request(
            @Nullable Long tail,
            @Nullable Instant since,
            @Nullable Long limit,
            LogRequest.Source source) {
        return new LogRequest(false, false, false, tail, since, limit, source);
    }

    private String copy(LogRequest request) throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ContainerLogs.copy(log(), request, out, () -> true);
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path log() {
        return directory.resolve("0.log");
    }

    private void write(String text) throws IOException {
        Files.writeString(log(), text);
    }
}
