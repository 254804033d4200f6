package dev.burstlet.engine.execute;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.engine.TestPods;
import dev.burstlet.engine.desired.VolumeNotReadyException;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Reference;
import dev.burstlet.pod.Yaml;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SinglePodVolumesTest {
    private static final String IN_USE =
            "MountVolume.SetUp failed for volume \"v\" : volume uses the ReadWriteOncePod access mode"
                    + " and is already in use by another pod";

    private final List<Optional<PodBundle>> running = new ArrayList<>();
    private final SinglePodVolumes volumes = new SinglePodVolumes(() -> running);

    @Test
    void aVolumeOfOnePodIsForNoOtherUntilThatIsGone() {
        PodBundle first = pod("first", "ReadWriteOncePod");
        PodBundle second = pod("second", "ReadWriteOncePod");

        volumes.take(first);
        volumes.take(first);
        assertThatThrownBy(() -> volumes.take(second))
                .isInstanceOf(VolumeNotReadyException.class)
                .hasMessage(IN_USE);
        volumes.release(first.key().uid());
        volumes.take(second);
        assertThatThrownBy(() -> volumes.take(first)).hasMessage(IN_USE);
    }

    @Test
    void aPodThatWasFoundRunningKeepsItsVolume() {
        volumes.keep(pod("first", "ReadWriteOncePod"));

        assertThatThrownBy(() -> volumes.take(pod("second", "ReadWriteOncePod")))
                .hasMessage(IN_USE);
    }

    @Test
    void nobodyTakesAVolumeThatAPodMayUseWhichWasFound() {
        PodBundle found = pod("found", "ReadWriteOncePod");
        PodBundle other = pod("other", "ReadWriteOncePod");

        running.add(Optional.empty());
        assertThatThrownBy(() -> volumes.take(other)).hasMessage(IN_USE);
        running.set(0, Optional.of(found));
        assertThatThrownBy(() -> volumes.take(other)).hasMessage(IN_USE);
        volumes.take(found);
        volumes.release(found.key().uid());
        running.clear();
        volumes.take(other);
    }

    @Test
    void podsOfOneNodeShareAVolumeOfThatNode() {
        volumes.take(pod("first", "ReadWriteOnce"));

        assertThatCode(() -> volumes.take(pod("second", "ReadWriteOnce")))
                .doesNotThrowAnyException();
    }

    private static PodBundle pod(String name, String accessMode) {
        Volume claimed =
                Yaml.read("{name: v, persistentVolumeClaim: {claimName: data}}", Volume.class);
        PersistentVolume persistent =
                Yaml.read(
                        "{metadata: {name: disk}, spec: {accessModes: [%s]}}".formatted(accessMode),
                        PersistentVolume.class);
        Pod pod =
                new PodBuilder(TestPods.pod(name, "Always", TestPods.container("main", "sleep 9")))
                        .editSpec()
                        .withVolumes(claimed)
                        .endSpec()
                        .build();
        return new PodBundle(
                1,
                pod,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                Map.of(),
                Map.of("data", new Reference.Present<>(persistent)),
                TestPods.NODE);
    }
}
