package dev.burstlet.engine;

import static dev.burstlet.engine.TestPods.bundle;
import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.Owner;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What pods' volumes use is looked at while somebody asks, and not more often than it changes. */
class StorageOfPodsTest {
    private final MemoryEngine engine = MemoryEngine.of("storage-" + UUID.randomUUID());
    private final List<List<String>> looks = new CopyOnWriteArrayList<>();
    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private final RecordingListener listener = new RecordingListener();
    private final PodEngine pods =
            new PodEngine(
                    watched(),
                    new PodEngineSettings(new Owner("cluster-1", "node-1")),
                    () -> Instant.now().plus(later.get()));

    /** The engine, and what it is asked to look at. */
    private ContainerEngine watched() {
        return (ContainerEngine)
                Proxy.newProxyInstance(
                        ContainerEngine.class.getClassLoader(),
                        new Class<?>[] {ContainerEngine.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("podStorage")) {
                                looks.add(
                                        ((List<?>) arguments[3])
                                                .stream()
                                                        .map(VolumeSpec.class::cast)
                                                        .map(VolumeSpec::name)
                                                        .toList());
                            }
                            return method.invoke(engine, arguments);
                        });
    }

    @BeforeEach
    void listen() {
        pods.listen(listener);
    }

    @AfterEach
    void close() {
        pods.close();
        engine.close();
    }

    @Test
    void publishedContentsAreLookedAtSeldom() {
        Pod pod =
                new PodBuilder(pod("stored", "Always", container("c", "sleep 1000")))
                        .editSpec()
                        .addNewVolume()
                        .withName("data")
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .endVolume()
                        .addNewVolume()
                        .withName("words")
                        .withNewDownwardAPI()
                        .endDownwardAPI()
                        .endVolume()
                        .addNewVolume()
                        .withName("host")
                        .withNewHostPath("/tmp", "")
                        .endVolume()
                        .endSpec()
                        .build();
        pods.createPod(bundle(pod));
        listener.await(PodKey.of(pod), "running", r -> "Running".equals(r.status().getPhase()));

        awaitLooks(1);
        awaitVolumes();
        later.set(Duration.ofSeconds(30));
        awaitVolumes();
        assertThat(looks).containsExactly(List.of("data", "words"));

        later.set(Duration.ofMinutes(2));
        awaitLooks(2);
        awaitVolumes();
        later.set(Duration.ofMinutes(12));
        awaitLooks(3);
        assertThat(looks)
                .containsExactly(
                        List.of("data", "words"), List.of("data"), List.of("data", "words"));
    }

    private void awaitLooks(int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            pods.stats();
                            return looks.size();
                        },
                        seen -> seen >= count);
    }

    private void awaitVolumes() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> pods.stats().pods(),
                        all -> all.stream().allMatch(StorageOfPodsTest::isWhole) && !all.isEmpty());
    }

    private static boolean isWhole(HostStats.Pod pod) {
        return pod.volumes().keySet().equals(Set.of("data", "words"));
    }
}
