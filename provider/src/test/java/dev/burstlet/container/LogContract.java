package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.LogRequest.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Logs. */
public interface LogContract extends EngineContract {
    private String counting() {
        String id =
                bench().pod()
                        .run()
                        .container("c")
                        .script("for i in 1 2 3 4 5; do echo line $i; sleep 0.05; done")
                        .start();
        bench().exit(id);
        return id;
    }

    private static LogRequest cut(
            @Nullable Long tail, @Nullable Instant since, @Nullable Long limit, boolean times) {
        return new LogRequest(false, false, times, tail, since, limit, Source.ALL);
    }

    @Test
    default void logIsCompleteAfterTheEnd() {
        assertThat(bench().log(counting())).isEqualTo("line 1\nline 2\nline 3\nline 4\nline 5\n");
    }

    @Test
    default void logIsReadWhileTheContainerRuns() {
        String id = bench().pod().run().container("c").script("echo up; sleep 3600").start();

        assertThat(bench().untilLogged(id, "up\n")).isEqualTo("up\n");
    }

    @Test
    default void tailCountsLinesFromTheEnd() {
        needs(Ability.LOG_OPTIONS);
        String id = counting();

        assertThat(bench().log(id, cut(2L, null, null, false))).isEqualTo("line 4\nline 5\n");
        assertThat(bench().log(id, cut(0L, null, null, false))).isEmpty();
        assertThat(bench().log(id, cut(99L, null, null, false))).startsWith("line 1\n");
    }

    @Test
    default void limitCountsBytesFromTheStart() {
        needs(Ability.LOG_OPTIONS);
        String id = counting();

        assertThat(bench().log(id, cut(null, null, 9L, false))).isEqualTo("line 1\nli");
        assertThat(bench().log(id, cut(1L, null, 3L, false))).isEqualTo("lin");
    }

    @Test
    default void timestampsLeadEachLineAndSinceStartsAtThem() {
        needs(Ability.LOG_OPTIONS);
        String id = counting();

        List<String> lines = bench().log(id, cut(null, null, null, true)).lines().toList();

        assertThat(lines).hasSize(5).allMatch(line -> line.matches("\\S+Z line \\d"));
        Instant third = Instant.parse(lines.get(2).substring(0, lines.get(2).indexOf(' ')));
        assertThat(bench().log(id, cut(null, third, null, false)))
                .isEqualTo("line 3\nline 4\nline 5\n");
        assertThat(bench().log(id, cut(null, third.plusSeconds(3600), null, false))).isEmpty();
    }

    @Test
    default void outputsAreToldApart() {
        String id = bench().pod().run().container("c").script("echo out; echo err >&2").start();
        bench().exit(id);

        assertThat(bench().log(id)).contains("out\n").contains("err\n");
        assertThat(bench().log(id, of(Source.STDOUT))).isEqualTo("out\n");
        assertThat(bench().log(id, of(Source.STDERR))).isEqualTo("err\n");
    }

    private static LogRequest of(Source source) {
        return new LogRequest(false, false, false, null, null, null, source);
    }

    @Test
    default void lineWithoutAnEndIsKept() {
        String id = bench().pod().run().container("c").script("printf 'no end'").start();
        bench().exit(id);

        assertThat(bench().log(id)).isEqualTo("no end");
    }

    @Test
    default void followedLogEndsWithTheContainer() throws Exception {
        needs(Ability.LOG_OPTIONS);
        String id =
                bench().pod()
                        .run()
                        .container("c")
                        .script("echo first; sleep 0.5; echo second")
                        .start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        bench().engine().logs(id, follow(), out);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("first\nsecond\n");
    }

    private static LogRequest follow() {
        return new LogRequest(true, false, false, null, null, null, Source.ALL);
    }

    @Test
    default void interruptedFollowReturns() throws Exception {
        needs(Ability.LOG_OPTIONS);
        String id = bench().pod().run().container("c").script("echo up; sleep 3600").start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread caller =
                Thread.startVirtualThread(() -> {
                    try {
                        bench().engine().logs(id, follow(), out);
                        interrupted.complete(false);
                    } catch (InterruptedException e) {
                        interrupted.complete(true);
                    } catch (IOException | BackendException e) {
                        interrupted.completeExceptionally(e);
                    }
                });
        bench().until(() -> out.toString(StandardCharsets.UTF_8), "up\n"::equals);

        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        assertThat(interrupted).isCompletedWithValue(true);
    }

    @Test
    default void terminalHasOneOutput() {
        String id =
                bench().pod()
                        .run()
                        .container("c")
                        .tty()
                        .script("test -t 1 && echo terminal")
                        .start();
        bench().exit(id);

        assertThat(bench().log(id)).isEqualTo("terminal\r\n");
    }
}
