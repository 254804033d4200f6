package dev.burstlet.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.engine.TestPods;
import dev.burstlet.engine.image.ImageRules.Scope;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImageCollectorTest {
    private static final Owner OWNER = new Owner("cluster-1", "node-1");
    private static final String STRANGE = "registry.example/others:1";

    private final MemoryEngine engine = MemoryEngine.of("images-" + UUID.randomUUID());
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final InstantSource clock = () -> now;
    private final ImageSupply supply = new ImageSupply(engine, clock, 1, Duration.ofMinutes(1));

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void onlyWhatPodsHaveUsedGoesFromAnEngineOfOthers() throws Exception {
        use("registry.example/ours:1");
        pull(STRANGE);
        ImageCollector collector = collector(Scope.USED);
        collector.collectAll();
        now = now.plus(Duration.ofMinutes(3));

        assertThat(collector.collectAll()).isPositive();

        assertThat(names()).contains(STRANGE).doesNotContain("registry.example/ours:1");
    }

    @Test
    void everyUnusedImageGoesFromAnEngineOfOurOwn() throws Exception {
        pull(STRANGE);
        ImageCollector collector = collector(Scope.ALL);
        assertThat(collector.collectAll()).isZero();
        now = now.plus(Duration.ofMinutes(3));

        assertThat(collector.collectAll()).isPositive();

        assertThat(names()).doesNotContain(STRANGE);
    }

    @Test
    void nothingGoesWhileTheDiskHasRoom() throws Exception {
        pull(STRANGE);
        ImageCollector collector = collector(Scope.ALL);
        collector.collect();
        now = now.plus(Duration.ofMinutes(3));

        assertThat(collector.collect()).isZero();

        assertThat(names()).contains(STRANGE);
    }

    private ImageCollector collector(Scope scope) {
        return new ImageCollector(
                engine,
                OWNER,
                supply,
                clock,
                new ImageRules(85, 80, Duration.ofMinutes(2), scope, Duration.ofMinutes(5)));
    }

    private void use(String image) throws InterruptedException {
        Pod pod = TestPods.pod("user", "Always", TestPods.container("main", "true"));
        pod.getSpec().getContainers().getFirst().setImage(image);
        supply.ensure(
                TestPods.bundle(pod),
                pod.getSpec().getContainers().getFirst(),
                (type, reason, message) -> {});
    }

    private void pull(String image) {
        engine.pullImage(
                new dev.burstlet.container.PullRequest(
                        image, List.of(), Duration.ofMinutes(1), ""));
    }

    private List<String> names() {
        return engine.listImages().stream().map(ImageInfo::tags).flatMap(List::stream).toList();
    }
}
