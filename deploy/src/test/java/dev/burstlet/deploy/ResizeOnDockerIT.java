package dev.burstlet.deploy;

import static dev.burstlet.deploy.PodParts.condition;
import static dev.burstlet.deploy.PodParts.named;
import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import dev.burstlet.testing.NeedsServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Resources of running pods, on a node whose room is a test's own. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResizeOnDockerIT {
    private static final String NODE = "it-room";
    private static final int PIDS = 60;

    /** The writer waits for ever for a reader, with what it has read in its memory. */
    private static final String HOLDS_60_MIB =
            "mkfifo /f; sleep 1000 < /f & exec dd if=/dev/zero of=/f bs=60M count=1";

    private World world;
    private BurstletProcess burstlet;

    @BeforeAll
    void start() {
        world = World.get();
        String host =
                "docker: {endpoint: '%s'}\n    podPidsLimit: %d"
                        .formatted(world.docker().endpoint(), PIDS);
        burstlet =
                new BurstletProcess(world.controlPlane().kubeconfig(), world.client(), NODE, host);
        burstlet.start();
    }

    @AfterAll
    void stop() {
        burstlet.stop();
        world.client().nodes().withName(NODE).delete();
    }

    private Scene scene() {
        return new Scene(world, NODE, world.docker());
    }

    @Test
    @NeedsServer("1.33")
    void largerRequestsWaitUntilAnotherPodGoes() {
        try (Scene scene = scene()) {
            sleeper(scene, "big", "requests: {cpu: %dm}".formatted(allocatable() - 200), "");
            sleeper(scene, "grow", "requests: {cpu: 100m}, limits: {cpu: 150m}", "");
            scene.awaitReady("big");
            Pod before = scene.awaitReady("grow");
            assertThat(cpu(before)).isEqualTo("102 15000");

            resize(scene, "grow", "requests: {cpu: 400m}, limits: {cpu: 500m}");
            Pod waits =
                    scene.awaitPod(
                            "grow",
                            pod ->
                                    assertThat(condition(pod, "PodResizePending").getReason())
                                            .isEqualTo("Deferred"));
            assertThat(condition(waits, "PodResizePending").getMessage())
                    .startsWith("Node didn't have enough resource: cpu, requested: 400, used: ");
            assertThat(named(waits, "main").getAllocatedResources())
                    .isEqualTo(Map.of("cpu", new Quantity("100m")));
            assertThat(cpu(waits)).isEqualTo("102 15000");

            scene.kubectl("delete", "pod", "big", "--wait=false").output();
            Pod after =
                    scene.awaitPod(
                            "grow",
                            pod -> {
                                assertThat(Conditions.of(pod))
                                        .doesNotContainKey("PodResizePending");
                                assertThat(named(pod, "main").getAllocatedResources())
                                        .isEqualTo(Map.of("cpu", new Quantity("400m")));
                                assertThat(named(pod, "main").getResources().getLimits())
                                        .isEqualTo(Map.of("cpu", new Quantity("500m")));
                            });
            assertThat(cpu(after)).isEqualTo("409 50000");
            assertThat(named(after, "main").getRestartCount()).isZero();
            assertThat(container(after)).isEqualTo(container(before));
        }
    }

    @Test
    @NeedsServer("1.33")
    void aContainerWhosePolicySaysSoRestartsWithItsNewMemory() {
        try (Scene scene = scene()) {
            sleeper(
                    scene,
                    "again",
                    "requests: {cpu: 100m, memory: 20Mi}, limits: {memory: 20Mi}",
                    "resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer},"
                            + " {resourceName: cpu, restartPolicy: NotRequired}]");
            Pod before = scene.awaitReady("again");

            resize(scene, "again", "requests: {cpu: 200m}");
            eventually(() -> assertThat(cpu(scene.pod("again"))).isEqualTo("204 -1"));
            assertThat(named(scene.pod("again"), "main").getRestartCount()).isZero();

            resize(scene, "again", "requests: {memory: 40Mi}, limits: {memory: 40Mi}");
            Pod after =
                    scene.awaitPod(
                            "again",
                            pod -> {
                                assertThat(named(pod, "main").getRestartCount()).isOne();
                                assertThat(Conditions.of(pod))
                                        .containsEntry("Ready", "True")
                                        .doesNotContainKeys(
                                                "PodResizePending", "PodResizeInProgress");
                            });
            assertThat(container(after)).isNotEqualTo(container(before));
            assertThat(told(after, "{{.HostConfig.Memory}}")).isEqualTo("41943040");
            assertThat(named(after, "main").getResources().getLimits())
                    .isEqualTo(Map.of("memory", new Quantity("40Mi")));
        }
    }

    /** Each container fits into what the pod has, both together do not. */
    @Test
    @NeedsServer("1.34")
    void whatAPodHasIsForAllItsContainersTogether() {
        try (Scene scene = scene()) {
            PodParts.create(
                    scene,
                    "together",
                    """
                    restartPolicy: Never
                    terminationGracePeriodSeconds: 1
                    resources: {limits: {memory: 100Mi}}
                    containers:
                      - {name: main, image: $IMAGE, command: [sh, -c, "%1$s"]}
                      - {name: more, image: $IMAGE, command: [sh, -c, "sleep 2; %1$s"]}
                    """
                            .formatted(HOLDS_60_MIB));
            scene.awaitPod(
                    "together",
                    pod ->
                            assertThat(pod.getStatus().getContainerStatuses())
                                    .filteredOn(c -> c.getState().getTerminated() != null)
                                    .singleElement()
                                    .satisfies(c ->
                                            assertThat(c.getState().getTerminated().getReason())
                                                    .isEqualTo("OOMKilled")));
            assertThat(Cgroups.memoryLimitOfPod(scene.pod("together").getMetadata().getUid()))
                    .isEqualTo((100 << 20) + "\n");
        }
    }

    @Test
    void aPodHasNoMoreProcessesThanTheNodeAllows() {
        try (Scene scene = scene()) {
            scene.create(
                    Scene.shellPod(
                            "forks",
                            "i=0; while [ $i -lt 100 ]; do sleep 20 & i=$((i + 1)); done",
                            "  restartPolicy: Never"));
            Pod pod = scene.awaitPhase("forks", "Failed");
            assertThat(scene.kubectl("logs", "forks").output()).contains("can't fork");
            assertThat(told(pod, "{{.HostConfig.PidsLimit}}")).isEqualTo(Integer.toString(PIDS));
        }
    }

    private static void sleeper(Scene scene, String name, String resources, String more) {
        PodParts.create(
                scene,
                name,
                "containers: [{name: main, image: $IMAGE, command: [sh, -c, \"trap 'exit 0' TERM; sleep 1000 & wait\"], resources: {%s}%s}]"
                        .formatted(resources, more.isEmpty() ? "" : ", " + more));
    }

    private static void resize(Scene scene, String pod, String resources) {
        String patch = "spec: {containers: [{name: main, resources: {%s}}]}".formatted(resources);
        String json = Serialization.asJson(Serialization.unmarshal(patch, Map.class));
        scene.kubectl("patch", "pod", pod, "--subresource=resize", "-p", json).output();
    }

    /** In thousandths of a CPU. */
    private long allocatable() {
        Quantity cpu =
                world.client().nodes().withName(NODE).get().getStatus().getAllocatable().get("cpu");
        return Quantity.getAmountInBytes(cpu).multiply(BigDecimal.valueOf(1000)).longValue();
    }

    private String cpu(Pod pod) {
        return told(pod, "{{.HostConfig.CpuShares}} {{.HostConfig.CpuQuota}}");
    }

    private String told(Pod pod, String format) {
        return world.docker().run("inspect", "--format", format, container(pod)).output().strip();
    }

    private static String container(Pod pod) {
        return named(pod, "main").getContainerID().replaceFirst("^docker://", "");
    }
}
