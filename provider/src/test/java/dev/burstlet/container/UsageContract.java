package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.pod.HostStats.Filesystem;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What pods use of their host's file systems. */
public interface UsageContract extends EngineContract {
    @Test
    default void volumesAndLogsAreMeasured() {
        List<VolumeSpec> volumes =
                List.of(
                        new VolumeSpec("data", new Source.Scratch(0), null, false),
                        new VolumeSpec("ram", new Source.ScratchMemory(1 << 24), null, false));
        TestPod pod =
                bench().pod()
                        .scratch("data")
                        .volume("ram", new Source.ScratchMemory(1 << 24))
                        .run();
        pod.container("c")
                .mount("data", "/data")
                .mount("ram", "/ram")
                .script("echo said; head -c 100000 /dev/zero > /data/file; sleep 3600")
                .start();

        PodStorage storage =
                untilStorage(pod, volumes, found -> used(found) > 99999 && logged(found));

        Filesystem data = Objects.requireNonNull(storage.volumes().get("data"));
        assertThat(data.capacityBytes()).isGreaterThan(100_000);
        assertThat(data.availableBytes()).isPositive();
        assertThat(storage.volumes()).containsOnlyKeys("data", "ram");
    }

    @Test
    default void whatAPodThatHasEndedWroteIsGivenUp() {
        List<VolumeSpec> volumes =
                List.of(new VolumeSpec("data", new Source.Scratch(0), null, false));
        TestPod pod = bench().pod().scratch("data").run();
        String id =
                pod.container("c")
                        .mount("data", "/data")
                        .script("mkdir /data/d; head -c 100000 /dev/zero > /data/d/f; echo said")
                        .start();
        bench().exit(id);

        bench().engine()
                .releaseVolumes(bench().owner(), pod.sandboxId(), pod.key(), List.of("data"));
        bench().engine()
                .releaseVolumes(bench().owner(), pod.sandboxId(), pod.key(), List.of("data"));

        untilStorage(pod, volumes, found -> used(found) < 99999);
        assertThat(bench().log(id)).isEqualTo("said\n");
        bench().engine().stopPodSandbox(pod.sandboxId());
        bench().engine().removePodSandbox(pod.sandboxId());
        bench().engine().removeVolumes(bench().owner(), pod.key());
    }

    private PodStorage untilStorage(
            TestPod pod, List<VolumeSpec> volumes, Predicate<PodStorage> wanted) {
        return bench().until(
                        () ->
                                bench().engine()
                                        .podStorage(
                                                bench().owner(),
                                                pod.sandboxId(),
                                                pod.key(),
                                                volumes),
                        wanted);
    }

    /** Another machine's engine tells nothing of logs. */
    private static boolean logged(PodStorage storage) {
        return storage.logs().values().stream()
                .allMatch(log -> log.usedBytes() != null && log.usedBytes() > 0);
    }

    private static long used(PodStorage storage) {
        Filesystem data = storage.volumes().get("data");
        return data == null || data.usedBytes() == null ? 0 : data.usedBytes();
    }
}
