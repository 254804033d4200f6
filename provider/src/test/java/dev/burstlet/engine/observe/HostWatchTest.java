package dev.burstlet.engine.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.memory.Faults;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.pod.BackendException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HostWatchTest {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void aHostIsAwaySinceItLastAnswered() {
        try (MemoryEngine engine = MemoryEngine.of("watched-" + UUID.randomUUID())) {
            HostWatch watch = new HostWatch(engine, () -> now, _ -> {});
            watch.refresh();
            Instant answered = now;
            assertThat(watch.description().health().reachable()).isTrue();

            // A call that hangs takes its whole time before that is known.
            now = now.plus(Duration.ofSeconds(40));
            engine.host().faults().fail(Faults.Call.INFO, 2, Reason.TIMEOUT, "no answer");
            watch.refresh();
            assertThat(watch.description().health().reachable()).isFalse();
            assertThat(watch.description().health().since()).isEqualTo(answered);

            now = now.plus(Duration.ofSeconds(10));
            watch.refresh();
            assertThat(watch.description().health().since()).isEqualTo(answered);

            watch.refresh();
            assertThat(watch.description().health().reachable()).isTrue();
            assertThat(watch.description().health().since()).isEqualTo(now);
        }
    }
}
