package dev.burstlet.docker.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.container.ContainerStatus.State;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusReaderTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final String ZERO = "0001-01-01T00:00:00Z";
    private static final String START = "2026-01-01T00:00:01.5Z";
    private static final String END = "2026-01-01T00:00:02.5Z";

    @Test
    void neverStartedIsCreated() {
        assertThat(state(false, 0, false, "", ZERO, ZERO)).isEqualTo(new State.Created());
    }

    @Test
    void runningHasItsStart() {
        assertThat(state(true, 0, false, "", START, ZERO))
                .isEqualTo(new State.Running(Instant.parse(START)));
    }

    @Test
    void endIsCompletedErrorOrOutOfMemory() {
        assertThat(state(false, 0, false, "", START, END)).isEqualTo(exited(0, "Completed"));
        assertThat(state(false, 137, false, "", START, END)).isEqualTo(exited(137, "Error"));
        assertThat(state(false, 137, true, "", START, END)).isEqualTo(exited(137, "OOMKilled"));
    }

    @Test
    void failedStartIsAnEndThatTookNoTime() {
        assertThat(state(false, 127, false, "no such file", ZERO, ZERO))
                .isEqualTo(
                        new State.Exited(128, 0, "StartError", "no such file", CREATED, CREATED));
    }

    private static State.Exited exited(int code, String reason) {
        return new State.Exited(code, 0, reason, "", Instant.parse(START), Instant.parse(END));
    }

    private static State state(
            boolean running, int code, boolean oom, String error, String start, String end) {
        String json =
                """
                {"Running":%s,"ExitCode":%d,"OOMKilled":%s,"Error":"%s","StartedAt":"%s",\
                "FinishedAt":"%s"}\
                """
                        .formatted(running, code, oom, error, start, end);
        try {
            return StatusReader.state(new ObjectMapper().readTree(json), CREATED);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
