package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.pod.PodKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On folders that are none of a kernel's: what is made and removed, not what it limits. */
class PodCgroupsTest {
    private static final PodKey POD = new PodKey("n", "p", "uid-1");
    private static final Duration LATER = Duration.ofMillis(500);

    @TempDir Path root;
    private Path ours;
    private Path others;

    @BeforeEach
    void make() throws IOException {
        ours = Files.createDirectories(root.resolve("cpu/burstlet/poduid-1"));
        others = Files.createDirectories(root.resolve("freezer/burstlet/poduid-1"));
    }

    @Test
    void thoseOfAPodThatIsGoneGoInEveryHierarchy() {
        new PodCgroups(root, LATER).removed(POD);

        assertThat(ours).doesNotExist();
        assertThat(others).doesNotExist();
        assertThat(root.resolve("freezer/burstlet")).exists();
    }

    @Test
    void whatARuntimeMakesAfterwardsGoesALittleLater() throws IOException {
        new PodCgroups(root, LATER).removed(POD);
        Files.createDirectories(others.resolve("sandbox"));

        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(others).doesNotExist());
    }
}
