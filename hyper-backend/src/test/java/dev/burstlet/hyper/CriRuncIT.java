package dev.burstlet.hyper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.Ability;
import dev.burstlet.container.Resources;
import dev.burstlet.container.TestPod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Containers that share the host's kernel. */
class CriRuncIT extends CriContract {
    private static final long MI = 1 << 20;
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    @Override
    String handler() {
        return "runc";
    }

    /** containerd dials localhost in the pod, by the names of its own host. */
    @Override
    protected Optional<String> lacks(Ability ability) {
        return ability == Ability.IPV6_PORT_FORWARD && !named()
                ? Optional.of("localhost has no IPv6 address in this machine's /etc/hosts")
                : Optional.empty();
    }

    private static boolean named() {
        try (Stream<String> lines = Files.lines(Path.of("/etc/hosts"))) {
            return lines.anyMatch(line -> line.matches("::1\\s.*\\blocalhost\\b.*"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aPodIsHeldByACgroupOfItsOwn() throws IOException {
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
        assertThat(pids.resolve(pod.sandboxId())).isDirectory();

        Resources before = new Resources(100, 0, 100_000, 32 * MI, 0, 0);
        String id = pod.container("c").resources(before).script("sleep 1000").start();
        assertThat(pids.resolve(id)).isDirectory();
        Resources after = new Resources(100, 0, 100_000, 40 * MI, 0, 0);
        bench().engine().updateContainerResources(id, after);
        assertThat(Files.readString(memory.resolve(limit))).isEqualTo(88 * MI + "\n");

        String forks = "for i in $(seq 60); do sleep 1000 & done; sleep 1000";
        bench().untilLogged(pod.container("forks").script(forks).start(), "can't fork");

        bench().engine().removePodSandbox(pod.sandboxId());
        bench().engine().removeVolumes(bench().owner(), pod.key());
        assertThat(pids).doesNotExist();
        assertThat(memory).doesNotExist();
    }

    private static Path cgroup(TestPod pod, String controller) {
        return CGROUPS.resolve(controller).resolve("burstlet/pod" + pod.key().uid());
    }
}
