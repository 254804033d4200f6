package dev.burstlet.engine;

import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.burstlet.container.Filter;
import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.Reference;
import dev.burstlet.pod.TokenSpec;
import dev.burstlet.pod.Yaml;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A renewed token, from the bundle to the file in the running pod. */
class TokenRotationTest {
    private static final Owner OWNER = new Owner("cluster-1", "node-1");
    private static final TokenSpec SPEC = new TokenSpec(List.of(), 3600);

    private final MemoryEngine engine = MemoryEngine.of("token-rotation-" + UUID.randomUUID());
    private final RecordingListener listener = new RecordingListener();

    @Test
    void aRenewedTokenReplacesTheFileOfTheRunningPod() throws Exception {
        Pod pod = mounting(pod("rotates", "Always", container("main", "sleep 1000")));
        try (engine;
                PodEngine pods =
                        new PodEngine(
                                engine, new PodEngineSettings(OWNER), InstantSource.system())) {
            pods.listen(listener);
            pods.createPod(bundle(1, pod, "first"));
            PodReport before =
                    listener.await(
                            PodKey.of(pod),
                            "running",
                            r -> "Running".equals(r.status().getPhase()));
            String data = shell("readlink /t/..data");
            assertThat(shell("cat /t/token")).isEqualTo("first");

            pods.updatePod(bundle(2, pod, "second"));
            PodReport after = listener.await(PodKey.of(pod), "told", r -> r.revision() == 2);

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> shell("cat /t/token").equals("second"));
            assertThat(shell("readlink /t/..data")).isNotEqualTo(data);
            assertThat(after.status().getContainerStatuses().getFirst().getContainerID())
                    .isEqualTo(before.status().getContainerStatuses().getFirst().getContainerID());
        }
    }

    private String shell(String script) throws InterruptedException {
        String id = engine.listContainers(Filter.all(OWNER)).getFirst().id();
        return engine.execSync(id, List.of("sh", "-c", script), Duration.ofSeconds(20), 1 << 16)
                .output()
                .strip();
    }

    private static PodBundle bundle(long revision, Pod pod, String token) {
        PodBundle plain = PodBundle.of(revision, pod, TestPods.NODE);
        return new PodBundle(
                plain.revision(),
                plain.pod(),
                plain.configMaps(),
                plain.secrets(),
                plain.pullSecrets(),
                Map.of(SPEC, new Reference.Present<>(token)),
                plain.services(),
                plain.claims(),
                plain.volumes(),
                plain.node(),
                plain.runtimeHandler());
    }

    private static Pod mounting(Pod pod) {
        Volume volume =
                Yaml.read(
                        "{name: t, projected: {sources: [{serviceAccountToken: {path: token}}]}}",
                        Volume.class);
        return new PodBuilder(pod)
                .editSpec()
                .withVolumes(volume)
                .editContainer(0)
                .withVolumeMounts(
                        new VolumeMountBuilder().withName("t").withMountPath("/t").build())
                .endContainer()
                .endSpec()
                .build();
    }
}
