package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Exec and attach. */
public interface StreamContract extends EngineContract {
    private int exec(String container, TestIo io, String script)
            throws IOException, InterruptedException {
        return bench().engine().exec(container, List.of("sh", "-c", script), io);
    }

    @Test
    default void execSeparatesOutputsAndReturnsTheExitCode() throws Exception {
        String id = bench().pod().run().idle("c");
        TestIo io = TestIo.silent();

        int code = exec(id, io, "echo out; echo err >&2; exit 42");

        assertThat(code).isEqualTo(42);
        assertThat(io.out()).isEqualTo("out\n");
        assertThat(io.err()).isEqualTo("err\n");
    }

    @Test
    default void execPassesOnItsInputAndItsEnd() throws Exception {
        needs(Ability.STDIN_END);
        String id = bench().pod().run().idle("c");
        TestIo io = TestIo.typing("one\ntwo\n");

        int code = exec(id, io, "cat; echo end");

        assertThat(code).isZero();
        assertThat(io.out()).isEqualTo("one\ntwo\nend\n");
    }

    @Test
    default void execCarriesMuchInBothDirections() throws Exception {
        needs(Ability.STDIN_END);
        String id = bench().pod().run().idle("c");
        String text = "0123456789abcde\n".repeat(20_000);
        TestIo io = TestIo.typing(text);

        int code = exec(id, io, "cat");

        assertThat(code).isZero();
        assertThat(io.out()).isEqualTo(text);
    }

    @Test
    default void execOnATerminalHasOneOutput() throws Exception {
        String id = bench().pod().run().idle("c");
        TestIo io = TestIo.terminal();

        int code = exec(id, io, "test -t 1 && echo terminal; echo err >&2");

        assertThat(code).isZero();
        assertThat(io.out()).isEqualTo("terminal\r\nerr\r\n");
    }

    @Test
    default void execTellsTheTerminalsSize() throws Exception {
        needs(Ability.TERMINAL_SIZE);
        String id = bench().pod().run().idle("c");
        TestIo io = TestIo.terminal();
        io.resize(101, 37);

        exec(
                id,
                io,
                "i=0; while [ $i -lt 50 ] && [ \"$(stty size)\" != '37 101' ]; do sleep 0.1;"
                        + " i=$((i+1)); done; stty size");

        assertThat(io.out()).contains("37 101");
    }

    @Test
    default void execOfAMissingCommandFails() throws Exception {
        String id = bench().pod().run().idle("c");
        int code;
        try {
            code = bench().engine().exec(id, List.of("/no/such/program"), TestIo.silent());
        } catch (BackendException e) {
            assertThat(e.reason()).isEqualTo(Reason.CANNOT_RUN);
            return;
        }
        assertThat(code).isIn(126, 127);
    }

    @Test
    default void execSeesTheContainersEnvironmentAndDirectory() {
        TestPod pod = bench().pod().run();
        String id =
                pod.container("c")
                        .env("GREETING", "hello")
                        .workingDir("/tmp")
                        .command("sleep", "3600")
                        .start();

        assertThat(bench().sh(id, "echo $GREETING; pwd")).isEqualTo("hello\n/tmp");
    }

    @Test
    default void execInAnEndedContainerFails() {
        String id = bench().pod().run().container("c").command("true").start();
        bench().exit(id);

        assertThat(bench().reasonOf(() -> bench().exec(id, "true")))
                .isIn(Reason.CONFLICT, Reason.NOT_FOUND);
    }

    @Test
    default void execSyncJoinsOutputsAndCutsThem() throws Exception {
        String id = bench().pod().run().idle("c");
        List<String> command = List.of("sh", "-c", "echo out; echo err >&2; exit 3");

        ExecResult all = bench().engine().execSync(id, command, Workbench.PATIENCE, 1000);
        ExecResult cut = bench().engine().execSync(id, command, Workbench.PATIENCE, 3);

        assertThat(all.exitCode()).isEqualTo(3);
        assertThat(all.output()).contains("out\n").contains("err\n").hasSize(8);
        assertThat(cut.exitCode()).isEqualTo(3);
        assertThat(cut.output()).hasSize(3);
    }

    @Test
    default void execSyncEndsWithItsTime() {
        String id = bench().pod().run().idle("c");
        long start = System.nanoTime();

        assertThatThrownBy(() ->
                        bench().engine()
                                .execSync(id, List.of("sleep", "60"), Duration.ofSeconds(1), 100))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    default void interruptedExecReturns() throws Exception {
        String id = bench().pod().run().idle("c");
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread caller =
                Thread.startVirtualThread(() -> {
                    try {
                        int _ = exec(id, TestIo.silent(), "sleep 3600");
                        interrupted.complete(false);
                    } catch (InterruptedException e) {
                        interrupted.complete(true);
                    } catch (IOException | BackendException e) {
                        interrupted.completeExceptionally(e);
                    }
                });
        bench().until(() -> bench().sh(id, "echo up"), "up"::equals);

        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        assertThat(interrupted).isCompletedWithValue(true);
    }

    @Test
    default void attachJoinsTheProcessesStreams() throws Exception {
        TestPod pod = bench().pod().run();
        String id =
                pod.container("c")
                        .stdin(true)
                        .script("while read line; do echo got $line; done; echo end; exit 4")
                        .start();
        TestIo io = TestIo.typing("one\ntwo\n");

        bench().engine().attach(id, io);

        assertThat(io.out()).contains("got one\ngot two\n");
        assertThat(bench().exit(id).exitCode()).isEqualTo(4);
        assertThat(bench().log(id)).isEqualTo("got one\ngot two\nend\n");
    }

    @Test
    default void interruptedAttachLeavesTheProcessAlone() throws Exception {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").script("while true; do echo tick; sleep 0.1; done").start();
        TestIo io = TestIo.silent();
        Thread caller =
                Thread.startVirtualThread(() -> {
                    try {
                        bench().engine().attach(id, io);
                    } catch (IOException | InterruptedException e) {
                        // As it should be.
                    }
                });
        bench().until(io::out, out -> out.contains("tick"));

        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        assertThat(bench().status(id).running()).isTrue();
    }

    @Test
    default void inputStaysOpenForTheNextOneWhereItIsNotOnce() throws Exception {
        TestPod pod = bench().pod().run();
        String id =
                pod.container("c")
                        .stdin(false)
                        .script("while read line; do echo got $line; done")
                        .start();
        try (PipedOutputStream typing = new PipedOutputStream();
                PipedInputStream typed = new PipedInputStream(typing)) {
            Thread caller = attachInBackground(id, TestIo.reading(typed));
            typing.write("one\n".getBytes(StandardCharsets.UTF_8));
            typing.flush();
            bench().untilLogged(id, "got one");
            caller.interrupt();
            assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(bench().status(id).running()).isTrue();

        Thread next = attachInBackground(id, TestIo.typing("two\n"));
        bench().untilLogged(id, "got two");
        next.interrupt();
    }

    private Thread attachInBackground(String id, TestIo io) {
        return Thread.startVirtualThread(() -> {
            try {
                bench().engine().attach(id, io);
            } catch (IOException | InterruptedException e) {
                // The caller has gone.
            }
        });
    }
}
