package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @Test
    void unifiedOnesAreNotMadeSmallerThanWhatIsInUse() throws IOException {
        Files.createFile(root.resolve("cgroup.controllers"));
        Path pod = Files.createDirectories(root.resolve("burstlet/poduid-1"));
        Files.writeString(pod.resolve("cpu.weight"), "1");
        Files.writeString(pod.resolve("cpu.max"), "max 100000");
        Files.writeString(pod.resolve("memory.max"), "3000");
        Files.writeString(pod.resolve("memory.current"), "2500");
        Files.writeString(pod.resolve("memory.stat"), "anon 1500\ninactive_file 1000\n");
        PodCgroups cgroups = new PodCgroups(root, LATER);

        assertThatThrownBy(() -> cgroups.update("uid-1", memory(1400), Resources.NONE, false))
                .hasMessageContaining(
                        "attempting to set pod memory limit (1400) below current usage (1500)");
        assertThat(pod.resolve("memory.max")).hasContent("3000");

        cgroups.update("uid-1", memory(1600), Resources.NONE, false);
        assertThat(pod.resolve("memory.max")).hasContent("1600");
    }

    private static Resources memory(long bytes) {
        return new Resources(2, 0, 100_000, bytes, 0, 0);
    }
}
