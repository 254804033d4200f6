package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.LogRequest.Source;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a log's readers see of its rotation, on an engine that begins a new file after 16 KiB: one
 * that follows nothing at all, one that comes later all that is kept.
 */
@Timeout(180)
public abstract class LogRotationContract {
    private static final String PADDING = "x".repeat(100);
    private static final int EVERY_ERROR = 10;

    private @Nullable Workbench bench;

    protected abstract ContainerEngine engine();

    protected abstract String image();

    protected abstract Owner owner();

    /** Whether a reader gets the older files too, or, as a kubelet's, the newest alone. */
    protected abstract boolean keepsRotated();

    /** How many lines it takes until the engine has begun a second file. */
    protected int count() {
        return 400;
    }

    @BeforeEach
    void layOut() {
        bench = new Workbench(engine(), image(), owner());
    }

    @AfterEach
    void clearAway() {
        bench().clear();
    }

    private Workbench bench() {
        return java.util.Objects.requireNonNull(bench);
    }

    @Test
    void followersMissNothingAndLaterReadersGetWhatTheyAskFor() throws Exception {
        String id =
                bench().pod()
                        .run()
                        .container("c")
                        .script(
                                """
                                i=0
                                while [ $i -lt %d ]; do
                                  if [ $((i %% %d)) = 0 ]; then echo "$i %s" >&2; else echo "$i %s"; fi
                                  i=$((i+1)); sleep 0.02
                                done
                                """
                                        .formatted(count(), EVERY_ERROR, PADDING, PADDING))
                        .start();

        String followed =
                read(id, new LogRequest(true, false, false, null, null, null, Source.ALL));

        assertThat(numbers(followed)).isEqualTo(upTo(count()));
        bench().exit(id);
        List<Integer> kept = numbers(read(id, once(null, null, null, Source.ALL)));
        assertThat(kept)
                .isEqualTo(upTo(count()).subList(keepsRotated() ? 0 : kept.getFirst(), count()));
        assertThat(keepsRotated() || kept.getFirst() > 0).isTrue();
        optionsHold(id, kept);
    }

    private void optionsHold(String id, List<Integer> kept) throws Exception {
        assertThat(numbers(read(id, once(7L, null, null, Source.ALL))))
                .isEqualTo(upTo(count()).subList(count() - 7, count()));
        assertThat(read(id, once(null, null, 50L, Source.ALL))).hasSize(50);
        assertThat(numbers(read(id, once(null, null, null, Source.STDERR))))
                .isEqualTo(kept.stream().filter(one -> one % EVERY_ERROR == 0).toList());
        assertThat(numbers(read(id, once(null, null, null, Source.STDOUT))))
                .isEqualTo(kept.stream().filter(one -> one % EVERY_ERROR != 0).toList());
        List<String> timed =
                read(id, new LogRequest(false, false, true, null, null, null, Source.ALL))
                        .lines()
                        .toList();
        String one = timed.get(timed.size() - 5);
        Instant time = Instant.parse(one.substring(0, one.indexOf(' ')));
        assertThat(numbers(read(id, once(null, time, null, Source.ALL))))
                .isEqualTo(upTo(count()).subList(count() - 5, count()));
    }

    private static LogRequest once(
            @Nullable Long tail, @Nullable Instant since, @Nullable Long limit, Source source) {
        return new LogRequest(false, false, false, tail, since, limit, source);
    }

    private String read(String id, LogRequest request) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        engine().logs(id, request, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static List<Integer> numbers(String log) {
        List<Integer> numbers = new ArrayList<>();
        log.lines()
                .forEach(
                        line -> numbers.add(Integer.valueOf(line.substring(0, line.indexOf(' ')))));
        return numbers;
    }
}
