package dev.burstlet.engine;

import static dev.burstlet.engine.TestPods.bundle;
import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.Filter;
import dev.burstlet.container.Owner;
import dev.burstlet.container.PodStorage;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.memory.Faults;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pod's end does on its host. */
class EndOfPodsTest {
    private static final Owner OWNER = new Owner("cluster-1", "node-1");

    private final MemoryEngine engine = MemoryEngine.of("ends-" + UUID.randomUUID());
    private final RecordingListener listener = new RecordingListener();
    private final PodLifecycle pods =
            new PodEngine(
                    engine,
                    new PodEngineSettings(OWNER).withRules(PodEngineTest.QUICK),
                    InstantSource.system());

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
    void aPreStopHookThatTheHostCouldNotTakeIsTriedAgain() {
        String toldHow = "trap '[ -f /tmp/told ] && exit 7; exit 1' TERM; ";
        Container hooked =
                new ContainerBuilder(container("main", toldHow + "while true; do sleep 0.05; done"))
                        .withNewLifecycle()
                        .withNewPreStop()
                        .withNewExec()
                        .withCommand("touch", "/tmp/told")
                        .endExec()
                        .endPreStop()
                        .endLifecycle()
                        .build();
        Pod pod = pod("hooked", "Always", hooked);
        run(pod, "Running");
        engine.host().faults().fail(Faults.Call.EXEC, 2, Reason.UNAVAILABLE, "away");

        pods.deletePod(PodKey.of(pod), new Deletion(20, ""));

        PodReport end =
                listener.await(PodKey.of(pod), "finished", r -> r.stage() == Stage.FINISHED);
        assertThat(
                        end.status()
                                .getContainerStatuses()
                                .getFirst()
                                .getState()
                                .getTerminated()
                                .getExitCode())
                .isEqualTo(7);
        assertThat(listener.reasons()).contains("FailedPreStopHook");
    }

    @Test
    void whatAPodWroteIntoItsEmptyDirsGoesWithItsEnd() {
        Container writer =
                new ContainerBuilder(
                                container("main", "head -c 5000 /dev/zero > /data/f; echo done"))
                        .addNewVolumeMount()
                        .withName("data")
                        .withMountPath("/data")
                        .endVolumeMount()
                        .build();
        Pod pod =
                new PodBuilder(pod("ended", "Never", writer))
                        .editSpec()
                        .addNewVolume()
                        .withName("data")
                        .withNewEmptyDir()
                        .endEmptyDir()
                        .endVolume()
                        .endSpec()
                        .build();

        run(pod, "Succeeded");

        List<VolumeSpec> volumes =
                List.of(new VolumeSpec("data", new VolumeSpec.Source.Scratch(0), null, false));
        String sandbox = engine.listPodSandboxes(Filter.all(OWNER)).getFirst().id();
        Awaitility.await()
                .untilAsserted(() -> {
                    PodStorage left = engine.podStorage(OWNER, sandbox, PodKey.of(pod), volumes);
                    assertThat(left.volumes()).doesNotContainKey("data");
                });
    }

    /** As after a restart: nothing is known of it but its labels, its volumes least of all. */
    @Test
    void anEndedPodWhoseSpecIsUnknownGivesUpItsSandbox() {
        Pod pod = pod("unknown", "Always", container("main", "sleep 1000"));
        run(pod, "Running");
        pods.close();
        PodLifecycle next =
                new PodEngine(
                        engine,
                        new PodEngineSettings(OWNER).withRules(PodEngineTest.QUICK),
                        InstantSource.system());
        next.listen(new RecordingListener());

        next.deletePod(PodKey.of(pod), new Deletion(1, "", true));

        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(engine.listPodSandboxes(Filter.all(OWNER)))
                                .noneMatch(SandboxStatus::ready));
        next.close();
    }

    private void run(Pod pod, String phase) {
        pods.createPod(bundle(pod));
        listener.await(PodKey.of(pod), phase, r -> phase.equals(r.status().getPhase()));
    }
}
