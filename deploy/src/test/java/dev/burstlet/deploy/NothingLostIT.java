package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What outages must not cost: of Burstlet, by SIGKILL, and of the API server. The property {@code
 * burstlet.it.pods} says with how many pods (30), {@code burstlet.it.outage} for how many seconds
 * the API server is away: 20, to keep a build short; the promise is for 60 and more.
 */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NothingLostIT {
    private static final int PODS = Integer.getInteger("burstlet.it.pods", 30);
    private static final Duration OUTAGE =
            Duration.ofSeconds(Integer.getInteger("burstlet.it.outage", 20));
    private static final String UNTIL_TOLD = "trap 'exit 0' TERM; sleep 1000 & wait";
    private static final String UNTIL_ASKED =
            "trap 'exit 0' TERM; while ! [ -e /tmp/end ]; do sleep 0.1; done; exit 9";

    private World world;
    private Scene scene;

    @BeforeEach
    void scene() {
        world = World.get();
        scene = world.scene();
    }

    @AfterEach
    void clean() {
        scene.closeAndAwait();
    }

    @Test
    void afterAKillNothingIsRestartedAndWhatHappenedMeanwhileIsSeen() {
        IntStream.range(0, PODS).forEach(i -> scene.shell("runs-" + i, UNTIL_TOLD));
        scene.shell("deleted", UNTIL_TOLD);
        scene.shell("restarts", UNTIL_TOLD);
        scene.create(Scene.shellPod("ends", UNTIL_ASKED, "  restartPolicy: Never"));
        scene.create(Scene.shellPod("killed", UNTIL_TOLD, "  restartPolicy: Never"));
        awaitAllReady(PODS + 4);
        Map<String, PodStatus> statuses = steadyStatuses();
        Map<String, Docker.Container> containers = runners();

        world.burstlet().kill();
        world.docker().run("exec", container("ends"), "touch", "/tmp/end").output();
        world.docker().kill("KILL", container("killed"));
        world.docker().kill("KILL", container("restarts"));
        scene.kubectl("delete", "pod", "deleted", "--wait=false").output();
        eventually(() ->
                assertThat(scene.containers().values())
                        .filteredOn(Docker.Container::running)
                        .hasSize(PODS + 1));
        world.burstlet().start();

        scene.awaitPhase("ends", "Failed");
        assertThat(exitCode("ends")).isEqualTo(9);
        scene.awaitPhase("killed", "Failed");
        assertThat(exitCode("killed")).isEqualTo(137);
        scene.awaitPod(
                "restarts",
                pod -> {
                    assertThat(status(pod).getRestartCount()).isEqualTo(1);
                    assertThat(status(pod).getLastState().getTerminated().getExitCode())
                            .isEqualTo(137);
                    assertThat(status(pod).getState().getRunning()).isNotNull();
                });
        scene.awaitGone("deleted");
        assertThat(runners()).isEqualTo(containers);
        assertThat(steadyStatuses()).isEqualTo(statuses);
    }

    @Test
    void halfCreatedPodsFinish() {
        IntStream.range(0, PODS).forEach(i -> scene.shell("runs-" + i, UNTIL_TOLD));
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !scene.containers().isEmpty());
        world.burstlet().kill();
        Map<String, Docker.Container> before = scene.containers();
        world.burstlet().start();

        awaitAllReady(PODS);
        assertThat(scene.pods())
                .allSatisfy(pod -> assertThat(status(pod).getRestartCount()).isZero());
        Map<String, Docker.Container> after = scene.containers();
        assertThat(after).hasSize(PODS);
        assertThat(after.keySet())
                .containsAll(
                        before.values().stream()
                                .filter(Docker.Container::running)
                                .map(Docker.Container::id)
                                .toList());
        assertThat(world.docker().sandboxes(Docker.ofNamespace(scene.namespace()))).hasSize(PODS);
    }

    @Test
    void withoutTheApiServerNoContainerIsTouchedAndTheStatusCatchesUp() {
        IntStream.range(0, 5).forEach(i -> scene.shell("runs-" + i, UNTIL_TOLD));
        scene.shell("restarts", UNTIL_TOLD);
        scene.create(Scene.shellPod("ends", UNTIL_ASKED, "  restartPolicy: Never"));
        awaitAllReady(7);
        Map<String, PodStatus> statuses = steadyStatuses();
        Map<String, Docker.Container> containers = runners();
        String ends = container("ends");
        String restarts = container("restarts");
        String restartingPod = scene.pod("restarts").getMetadata().getUid();

        world.controlPlane().stop("kube-apiserver");
        try {
            world.docker().run("exec", ends, "touch", "/tmp/end").output();
            world.docker().kill("KILL", restarts);
            await("a restart that needs no API server")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() ->
                            assertThat(
                                            world.docker()
                                                    .containers(Docker.ofPod(restartingPod))
                                                    .values())
                                    .anyMatch(Docker.Container::running));
            await("the containers left alone")
                    .during(OUTAGE)
                    .atMost(OUTAGE.plusSeconds(30))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> runners().equals(containers));
        } finally {
            world.controlPlane().start("kube-apiserver");
        }

        scene.awaitPhase("ends", "Failed");
        assertThat(exitCode("ends")).isEqualTo(9);
        scene.awaitPod(
                "restarts",
                pod -> {
                    assertThat(status(pod).getRestartCount()).isEqualTo(1);
                    assertThat(status(pod).getState().getRunning()).isNotNull();
                });
        eventually(() -> assertThat(Conditions.ready(world.client(), World.NODE)).isTrue());
        assertThat(runners()).isEqualTo(containers);
        eventually(() -> assertThat(steadyStatuses()).isEqualTo(statuses));
    }

    @Test
    void aPodRecreatedUnderItsNameDuringAnOutageIsAnotherPod() {
        scene.shell("twin", UNTIL_TOLD);
        String old = scene.awaitReady("twin").getMetadata().getUid();
        world.burstlet().kill();
        scene.kubectl("delete", "pod", "twin", "--force", "--grace-period=0").output();
        scene.awaitGone("twin");
        scene.shell("twin", UNTIL_TOLD);
        world.burstlet().start();

        String fresh = scene.awaitReady("twin").getMetadata().getUid();
        assertThat(fresh).isNotEqualTo(old);
        eventually(() -> {
            assertThat(world.docker().containers(Docker.ofPod(old))).isEmpty();
            assertThat(world.docker().sandboxes(Docker.ofPod(old))).isEmpty();
        });
        assertThat(world.docker().containers(Docker.ofPod(fresh)).values())
                .hasSize(1)
                .allMatch(Docker.Container::running);
        assertThat(status(scene.pod("twin")).getRestartCount()).isZero();
    }

    private void awaitAllReady(int count) {
        eventually(() ->
                assertThat(scene.pods())
                        .hasSize(count)
                        .allSatisfy(pod ->
                                assertThat(Conditions.of(pod)).containsEntry("Ready", "True")));
    }

    /** The statuses of the pods that nobody touches. */
    private Map<String, PodStatus> steadyStatuses() {
        return new TreeMap<>(
                scene.pods().stream()
                        .filter(pod -> pod.getMetadata().getName().startsWith("runs-"))
                        .collect(
                                Collectors.toMap(
                                        pod -> pod.getMetadata().getName(), Pod::getStatus)));
    }

    /** The containers of the pods that nobody touches, as the engine has them. */
    private Map<String, Docker.Container> runners() {
        return scene.containers().values().stream()
                .filter(container -> container.name().startsWith("k8s_main_runs-"))
                .collect(Collectors.toMap(Docker.Container::id, Function.identity()));
    }

    /** The one container of a pod. */
    private String container(String pod) {
        Set<String> ids =
                world.docker()
                        .containers(Docker.ofPod(scene.pod(pod).getMetadata().getUid()))
                        .keySet();
        assertThat(ids).hasSize(1);
        return ids.iterator().next();
    }

    private int exitCode(String pod) {
        return status(scene.pod(pod)).getState().getTerminated().getExitCode();
    }

    private static ContainerStatus status(Pod pod) {
        assertThat(pod.getStatus().getContainerStatuses()).hasSize(1);
        return pod.getStatus().getContainerStatuses().getFirst();
    }
}
