package dev.burstlet.docker.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.burstlet.container.ExecResult;
import dev.burstlet.docker.testing.DockerRig;
import dev.burstlet.docker.testing.TestIo;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.ProcessIo.TerminalSize;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DockerStreamsIT {
    private static DockerRig rig;
    private static DockerStreams streams;
    private static String sandbox;
    private static String box;

    @BeforeAll
    static void start() {
        rig = new DockerRig();
        streams = new DockerStreams(rig.docker(), rig.dialer());
        sandbox = rig.sandbox(List.of(), List.of());
        box = rig.run(sandbox, List.of(), "sleep", "1000");
    }

    @AfterAll
    static void stop() {
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void execReturnsTheExitCodeAndKeepsTheStreamsApart() throws Exception {
        TestIo io = TestIo.none();
        int code = streams.exec(box, List.of("sh", "-c", "echo out; echo err >&2; exit 42"), io);
        assertThat(code).isEqualTo(42);
        assertThat(io.out()).isEqualTo("out\n");
        assertThat(io.err()).isEqualTo("err\n");
    }

    @Test
    void theEndOfStdinReachesTheProcess() throws Exception {
        TestIo io = TestIo.input("one\ntwo\n");
        assertThat(streams.exec(box, List.of("cat"), io)).isZero();
        assertThat(io.out()).isEqualTo("one\ntwo\n");
    }

    @Test
    void sixtyFourMegabytesGoThroughBothWays() throws Exception {
        long size = 64L << 20;
        CountingOutput out = new CountingOutput();
        var io = new dev.burstlet.docker.wire.StreamPair(new Zeros(size), out, null);
        assertThat(streams.exec(box, List.of("cat"), io)).isZero();
        assertThat(out.count.get()).isEqualTo(size);
    }

    @Test
    void aTerminalHasItsSizeAndOneStream() throws Exception {
        PipedOutputStream typed = new PipedOutputStream();
        TestIo io =
                new TestIo(true, new PipedInputStream(typed), List.of(new TerminalSize(97, 31)));
        Thread typist =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                await().until(() -> io.out().contains("#"));
                                typed.write("stty size\n".getBytes(UTF_8));
                                typed.flush();
                                await().until(() -> io.out().contains("31 97"));
                                typed.write("exit 7\n".getBytes(UTF_8));
                                typed.flush();
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });
        int code = streams.exec(box, List.of("sh"), io);
        typist.join();
        assertThat(code).isEqualTo(7);
        assertThat(io.out()).contains("31 97");
        assertThat(io.err()).isEmpty();
    }

    @Test
    void whatCannotBeStartedIsAnErrorAndNoOutput() {
        TestIo io = TestIo.none();
        assertThatThrownBy(() -> streams.exec(box, List.of("/no/such/file"), io))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.CANNOT_RUN))
                .hasMessageContaining("no such file");
        assertThat(io.out()).isEmpty();
    }

    @Test
    void anUnknownContainerIsNotFound() {
        assertThatThrownBy(() -> streams.exec("0123456789ab", List.of("true"), TestIo.none()))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
    }

    @Test
    void execSyncCutsItsOutput() throws Exception {
        ExecResult result =
                streams.execSync(
                        box,
                        List.of("sh", "-c", "seq 1 100000; exit 3"),
                        Duration.ofSeconds(20),
                        10);
        assertThat(result).isEqualTo(new ExecResult(3, "1\n2\n3\n4\n5\n"));
    }

    @Test
    void execSyncKillsWhatTakesTooLong() {
        List<String> command = List.of("sh", "-c", "sleep 1234 & sleep 1235");
        assertThatThrownBy(() -> streams.execSync(box, command, Duration.ofSeconds(1), 100))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
        await().atMost(Duration.ofSeconds(20)).until(() -> !processes().contains("sleep 123"));
    }

    @Test
    void interruptingEndsAnExecAtOnce() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                streams.exec(box, List.of("sleep", "77"), TestIo.none());
                            } catch (IOException | InterruptedException | RuntimeException e) {
                                thrown.set(e);
                            }
                        });
        await().until(() -> processes().contains("sleep 77"));
        caller.interrupt();
        assertThat(caller.join(Duration.ofSeconds(2))).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aProcessLeftBehindDoesNotHoldTheCaller() throws Exception {
        Instant start = Instant.now();
        TestIo io = TestIo.none();
        streams.exec(box, List.of("sh", "-c", "sleep 30 & echo done"), io);
        assertThat(io.out()).isEqualTo("done\n");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void attachGetsTheOutputAfterTheEndOfAnInputThatStaysOpenForOthers() throws Exception {
        String id =
                rig.docker()
                        .createContainerCmd(DockerRig.BUSYBOX)
                        .withCmd("sh", "-c", "read line; sleep 1; echo $line")
                        .withStdinOpen(true)
                        .withLabels(rig.labels())
                        .exec()
                        .getId();
        rig.docker().startContainerCmd(id).exec();
        TestIo io = TestIo.input("typed\n");
        streams.attach(id, io);
        assertThat(io.out()).isEqualTo("typed\n");
    }

    @Test
    void attachJoinsTheMainProcess() throws Exception {
        String id =
                rig.docker()
                        .createContainerCmd(DockerRig.BUSYBOX)
                        .withCmd("sh", "-c", "cat; echo end >&2")
                        .withStdinOpen(true)
                        .withStdInOnce(true)
                        .withLabels(rig.labels())
                        .exec()
                        .getId();
        rig.docker().startContainerCmd(id).exec();
        TestIo io = TestIo.input("typed\n");
        streams.attach(id, io);
        assertThat(io.out()).isEqualTo("typed\n");
        assertThat(io.err()).isEqualTo("end\n");
    }

    @Test
    void portForwardReachesLoopbackAndPassesTheEndOn() throws Exception {
        rig.run(sandbox, List.of(), "sh", "-c", "nc -ll -p 8077 -e cat");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        await().atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .until(() -> {
                    streams.portForward(
                            sandbox, 8077, new ByteArrayInputStream("hello".getBytes(UTF_8)), out);
                    return true;
                });
        assertThat(out.toString(UTF_8)).isEqualTo("hello");
    }

    @Test
    void portForwardToNobodyIsRefused() {
        assertThatThrownBy(() ->
                        streams.portForward(
                                sandbox,
                                9,
                                InputStream.nullInputStream(),
                                OutputStream.nullOutputStream()))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("connection refused");
    }

    @Test
    void logsAreCopiedWithTheRequestsOptions() throws Exception {
        String id =
                rig.run(
                        sandbox,
                        List.of(),
                        "sh",
                        "-c",
                        "for i in 1 2 3 4 5; do echo line $i; done; echo bad >&2; sleep 1; echo late");
        String all =
                logs(
                        id,
                        new LogRequest(
                                true, false, false, null, null, null, LogRequest.Source.ALL));
        assertThat(all).contains("line 1\n", "bad\n").endsWith("late\n");
        assertThat(logs(id, request(2L, null, null, LogRequest.Source.STDOUT, false)))
                .endsWith("late\n");
        assertThat(logs(id, request(null, null, 9L, LogRequest.Source.STDOUT, false)))
                .isEqualTo("line 1\nli");
        assertThat(logs(id, request(null, null, null, LogRequest.Source.STDERR, false)))
                .isEqualTo("bad\n");
        String stamped = logs(id, request(null, null, null, LogRequest.Source.STDOUT, true));
        assertThat(stamped.lines())
                .allMatch(l -> l.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z .*"));
        Instant last = Instant.parse(stamped.lines().toList().getLast().split(" ", 2)[0]);
        assertThat(logs(id, request(null, last, null, LogRequest.Source.STDOUT, false)))
                .isEqualTo("late\n");
        assertThat(logs(id, request(0L, null, null, LogRequest.Source.ALL, false))).isEmpty();
    }

    @Test
    void aLongLineHasOneTime() throws Exception {
        String id =
                rig.run(
                        sandbox,
                        List.of(),
                        "sh",
                        "-c",
                        "head -c 50000 /dev/zero | tr '\\0' x; echo");
        await().until(() -> !running(id));
        String text = logs(id, request(null, null, null, LogRequest.Source.ALL, true));
        assertThat(text).hasSize(31 + 50_000 + 1).endsWith("x\n");
    }

    @Test
    void sixtyFourMegabytesOfLogComeWhole() throws Exception {
        String id =
                rig.run(
                        sandbox,
                        List.of(),
                        "sh",
                        "-c",
                        "yes $(head -c 1023 /dev/zero | tr '\\0' x) | head -n 65536");
        CountingOutput out = new CountingOutput();
        streams.logs(
                id,
                new LogRequest(true, false, false, null, null, null, LogRequest.Source.ALL),
                out);
        assertThat(out.count.get()).isEqualTo(64L << 20);
    }

    @Test
    void interruptingEndsAFollowedLogAtOnce() throws Exception {
        String id = rig.run(sandbox, List.of(), "sh", "-c", "echo ready; sleep 1000");
        CountingOutput out = new CountingOutput();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                streams.logs(
                                        id,
                                        new LogRequest(
                                                true,
                                                false,
                                                false,
                                                null,
                                                null,
                                                null,
                                                LogRequest.Source.ALL),
                                        out);
                            } catch (IOException | InterruptedException | RuntimeException e) {
                                thrown.set(e);
                            }
                        });
        await().until(() -> out.count.get() > 0);
        caller.interrupt();
        assertThat(caller.join(Duration.ofSeconds(2))).isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    private static String processes() throws InterruptedException {
        return streams.execSync(box, List.of("ps"), Duration.ofSeconds(10), 10_000).output();
    }

    private static LogRequest request(
            @Nullable Long tail,
            @Nullable Instant since,
            @Nullable Long limit,
            LogRequest.Source source,
            boolean timestamps) {
        return new LogRequest(false, false, timestamps, tail, since, limit, source);
    }

    private static String logs(String id, LogRequest request) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        streams.logs(id, request, out);
        return out.toString(UTF_8);
    }

    private static boolean running(String id) {
        return Boolean.TRUE.equals(
                rig.docker().inspectContainerCmd(id).exec().getState().getRunning());
    }

    private static final class CountingOutput extends OutputStream {
        final AtomicLong count = new AtomicLong();

        @Override
        public void write(int b) {
            count.incrementAndGet();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            count.addAndGet(length);
        }
    }

    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long size) {
            left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int n = (int) Math.min(left, length);
            left -= n;
            return n;
        }
    }
}
