package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What an engine owes that makes cgroups as files of this machine. */
public interface PodCgroupContract extends EngineContract {
    long MI = 1 << 20;
    Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** Whether a pod's sandbox counts as of the pod. */
    default boolean holdsSandboxes() {
        return true;
    }

    @Test
    default void aPodIsHeldByACgroupOfItsOwn() throws IOException {
        boolean unified = Files.exists(CGROUPS.resolve("cgroup.controllers"));
        Assumptions.assumeTrue(
                Files.isWritable(unified ? CGROUPS : CGROUPS.resolve("pids")),
                "cgroups may not be written here");
        TestPod pod =
                bench().pod()
                        .resources(
                                new Resources(512, 50_000, 100_000, 64 * MI, -998, 40),
                                new Resources(128, 0, 0, 16 * MI, 0, 0))
                        .run();
        Path pids = cgroup(pod, unified ? "" : "pids");
        Path memory = cgroup(pod, unified ? "" : "memory");
        String limit = unified ? "memory.max" : "memory.limit_in_bytes";

        assertThat(Files.readString(pids.resolve("pids.max"))).isEqualTo("40\n");
        assertThat(Files.readString(memory.resolve(limit))).isEqualTo(80 * MI + "\n");
        assertThat(Files.isDirectory(pids.resolve(pod.sandboxId()))).isEqualTo(holdsSandboxes());

        String id = pod.container("c").script("sleep 1000").start();
        assertThat(pids.resolve(id)).isDirectory();

        Resources overhead = new Resources(128, 0, 0, 16 * MI, 0, 0);
        Path held = memory.resolve(limit);
        assertThat(limited(pod, 72 * MI, overhead, true, held)).isEqualTo(88 * MI + "\n");
        assertThat(limited(pod, 48 * MI, overhead, true, held)).isEqualTo(88 * MI + "\n");
        assertThat(limited(pod, 48 * MI, overhead, false, held)).isEqualTo(64 * MI + "\n");
        assertThat(limited(pod, 0, overhead, false, held)).doesNotStartWith("6710");
        Path cpu = cgroup(pod, unified ? "" : "cpu");
        assertThat(Files.readString(cpu.resolve(unified ? "cpu.max" : "cpu.cfs_quota_us")))
                .startsWith("30000");
        assertThat(limited(pod, 64 * MI, overhead, true, held)).doesNotStartWith("8388");
        assertThat(limited(pod, 64 * MI, overhead, false, held)).isEqualTo(80 * MI + "\n");

        String forks = "for i in $(seq 60); do sleep 1000 & done; sleep 1000";
        bench().untilLogged(pod.container("forks").script(forks).start(), "can't fork");

        // As one whose runtime died does, a process outlives its container.
        Process left = new ProcessBuilder("sleep", "1000").start();
        Path stray = Files.createDirectories(pids.resolve("stray"));
        Files.writeString(stray.resolve("cgroup.procs"), Long.toString(left.pid()));

        bench().engine().removePodSandbox(pod.sandboxId());
        bench().engine().removeVolumes(bench().owner(), pod.key());
        assertThat(left.onExit()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(pids).doesNotExist();
        assertThat(memory).doesNotExist();
        if (!unified) {
            // The runtime's own, in a hierarchy that is not limited.
            assertThat(cgroup(pod, "freezer")).doesNotExist();
        }
    }

    @Test
    default void contentsOfVolumesAreNoneOfWhatThePodMayHave() {
        TestPod pod =
                bench().pod()
                        .resources(new Resources(2, 0, 100_000, 12 * MI, -998, 0), Resources.NONE)
                        .files("conf")
                        .run();
        Content large = Content.utf8("x".repeat(1 << 20));
        Publication.File[] files =
                IntStream.range(0, 16)
                        .mapToObj(i -> new Publication.File("f" + i, 0644, 0, 0, large))
                        .toArray(Publication.File[]::new);

        pod.publish("conf", true, files);
        pod.publish("conf", true, Arrays.copyOf(files, 15));

        String id = pod.container("c").mount("conf", "/conf").script("cat /conf/* | wc -c").start();
        assertThat(bench().exit(id).exitCode()).isZero();
        assertThat(bench().log(id).strip()).isEqualTo(Integer.toString(15 << 20));
    }

    /** The memory that the pod may have after it was given other limits. */
    private String limited(TestPod pod, long memory, Resources overhead, boolean raise, Path held)
            throws IOException {
        Resources together = new Resources(256, 30_000, 100_000, memory, -998, 40);
        bench().engine()
                .updateSandboxResources(pod.sandboxId(), pod.key(), together, overhead, raise);
        return Files.readString(held);
    }

    private static Path cgroup(TestPod pod, String controller) {
        return CGROUPS.resolve(controller).resolve("burstlet/pod" + pod.key().uid());
    }
}
