package dev.burstlet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.MemoryEngine;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random pods on the in-memory engine. {@code -Dburstlet.fuzz.specs=10000} runs more of them,
 * {@code -Dburstlet.fuzz.seed} others; a failing spec is shrunk and printed, to be kept below
 * {@code src/test/resources/dev/burstlet/engine/specs}.
 */
class RandomPodsTest {
    private static final int SPECS = Integer.getInteger("burstlet.fuzz.specs", 300);
    private static final int AT_ONCE = 100;
    private static final Path KEPT = Path.of("src/test/resources/dev/burstlet/engine/specs");

    private final MemoryEngine engine = MemoryEngine.of("random-" + UUID.randomUUID());
    private RandomPods pods;

    @BeforeEach
    void open() {
        PodEngineSettings settings = new PodEngineSettings(new Owner("cluster-1", "node-1"));
        pods = new RandomPods(engine, settings, "busybox:1.36", Duration.ofSeconds(60));
    }

    @AfterEach
    void close() {
        pods.close();
        engine.close();
    }

    @Test
    void noSpecIsADefectOrDisturbsAnotherPod() {
        long seed = Long.getLong("burstlet.fuzz.seed", 17_887_380_419_506L);
        pods.play(SPECS, AT_ONCE, RandomPods.Source.seeded(seed, UnaryOperator.identity()));
    }

    @Test
    void specsThatOnceWereDefectsAreNoneAnyMore() throws IOException {
        List<PodSpec> kept = new ArrayList<>();
        try (var files = Files.list(KEPT)) {
            for (Path file : files.sorted().toList()) {
                kept.add(
                        Serialization.unmarshal(
                                Files.readString(file, StandardCharsets.UTF_8), PodSpec.class));
            }
        }
        assertThat(kept).isNotEmpty();
        assertThat(pods.play(kept)).isEmpty();
    }
}
