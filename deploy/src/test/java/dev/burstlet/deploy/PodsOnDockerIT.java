package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Pods as Docker containers: their life, their status and their ends. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class PodsOnDockerIT {
    private static final String UNTIL_TOLD = "trap 'exit 0' TERM; sleep 1000 & wait";

    private World world;

    @BeforeAll
    void world() {
        world = World.get();
    }

    @Test
    void aRunningPodsStatusIsComplete() {
        try (Scene scene = world.scene()) {
            scene.shell("whole", UNTIL_TOLD);
            Pod pod = scene.awaitReady("whole");
            PodStatus status = pod.getStatus();
            assertThat(status.getPhase()).isEqualTo("Running");
            assertThat(Conditions.of(pod))
                    .containsEntry("PodScheduled", "True")
                    .containsEntry("PodReadyToStartContainers", "True")
                    .containsEntry("Initialized", "True")
                    .containsEntry("ContainersReady", "True")
                    .containsEntry("Ready", "True");
            assertThat(status.getPodIP()).isNotBlank();
            assertThat(status.getPodIPs()).extracting("ip").containsExactly(status.getPodIP());
            assertThat(status.getHostIP()).isEqualTo("127.0.0.1");
            assertThat(status.getHostIPs()).extracting("ip").containsExactly("127.0.0.1");
            assertThat(status.getStartTime()).isNotNull();
            assertThat(status.getQosClass()).isEqualTo("BestEffort");
            assertThat(status.getObservedGeneration()).isEqualTo(pod.getMetadata().getGeneration());
            ContainerStatus container = status.getContainerStatuses().getFirst();
            String id = scene.containers().keySet().iterator().next();
            assertThat(container.getContainerID()).isEqualTo("docker://" + id);
            assertThat(container.getImageID()).isNotBlank();
            assertThat(container.getImage()).contains("burstlet.dev/example:1");
            assertThat(container.getReady()).isTrue();
            assertThat(container.getStarted()).isTrue();
            assertThat(container.getRestartCount()).isZero();
            assertThat(container.getState().getRunning().getStartedAt()).isNotNull();
            eventually(() -> {
                assertThat(scene.events("whole", "Pulled")).isNotEmpty();
                assertThat(scene.events("whole", "Created")).isNotEmpty();
                assertThat(scene.events("whole", "Started")).isNotEmpty();
            });
            assertThat(scene.kubectl("get", "pods", "-o", "wide").output())
                    .containsPattern("whole +1/1 +Running +0 .* " + World.NODE + " ");
        }
    }

    @Test
    void aDeploymentRunsAndAnswers() {
        try (Scene scene = world.scene()) {
            scene.create(
                    """
                    apiVersion: apps/v1
                    kind: Deployment
                    metadata: {name: web}
                    spec:
                      replicas: 2
                      selector: {matchLabels: {app: web}}
                      template:
                        metadata: {labels: {app: web}}
                        spec:
                          nodeSelector: {type: virtual-kubelet, kubernetes.io/hostname: it-docker}
                          tolerations: [{key: virtual-kubelet.io/provider, operator: Exists}]
                          containers:
                            - name: web
                              image: $IMAGE
                              command: [sh, -c, "trap 'exit 0' TERM; mkdir /tmp/w; echo hi >/tmp/w/index.html; httpd -f -p 8080 -h /tmp/w & wait"]
                              readinessProbe: {httpGet: {port: 8080, path: /}, periodSeconds: 1}
                              resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 64Mi}}
                    """);
            scene.kubectl("rollout", "status", "deployment/web", "--timeout=90s").output();
            assertThat(scene.pods())
                    .hasSize(2)
                    .allSatisfy(pod ->
                            assertThat(pod.getStatus().getQosClass()).isEqualTo("Burstable"));
            String other = scene.pods().get(1).getStatus().getPodIP();
            String first = scene.pods().getFirst().getMetadata().getName();
            assertThat(
                            scene.kubectl(
                                            "exec",
                                            first,
                                            "--",
                                            "wget",
                                            "-qO-",
                                            "http://" + other + ":8080/")
                                    .output())
                    .isEqualTo("hi\n");
        }
    }

    @Test
    void aJobEnds() {
        try (Scene scene = world.scene()) {
            scene.create(
                    """
                    apiVersion: batch/v1
                    kind: Job
                    metadata: {name: sum}
                    spec:
                      completions: 2
                      parallelism: 2
                      template:
                        spec:
                          restartPolicy: Never
                          nodeSelector: {type: virtual-kubelet, kubernetes.io/hostname: it-docker}
                          tolerations: [{key: virtual-kubelet.io/provider, operator: Exists}]
                          containers:
                            - {name: sum, image: $IMAGE, command: [sh, -c, "echo $((40 + 2))"]}
                    """);
            scene.kubectl("wait", "--for=condition=complete", "job/sum", "--timeout=90s").output();
            assertThat(scene.kubectl("logs", "job/sum").output()).contains("42");
            assertThat(scene.pods())
                    .allSatisfy(
                            pod -> assertThat(terminated(pod).getReason()).isEqualTo("Completed"));
        }
    }

    @Test
    void anImageThatCannotBePulledIsSaidAsTheKubeletSaysIt() throws IOException {
        HttpServer registry = emptyRegistry();
        String image = "127.0.0.1:" + registry.getAddress().getPort() + "/no/such:1";
        try (Scene scene = world.scene()) {
            scene.create(Scene.shellPod("lost", UNTIL_TOLD, "").replace("$IMAGE", image));
            scene.awaitPod("lost", pod -> assertThat(waiting(pod)).isEqualTo("ImagePullBackOff"));
            assertThat(scene.pod("lost").getStatus().getPhase()).isEqualTo("Pending");
            assertThat(status(scene.pod("lost")).getState().getWaiting().getMessage())
                    .startsWith("Back-off pulling image \"" + image + "\"");
            eventually(() -> {
                assertThat(scene.events("lost", "Failed"))
                        .anyMatch(
                                text -> text.startsWith("Failed to pull image \"" + image + "\": "))
                        .contains("Error: ErrImagePull", "Error: ImagePullBackOff");
                assertThat(scene.events("lost", "Pulling"))
                        .contains("Pulling image \"" + image + "\"");
                assertThat(scene.events("lost", "BackOff"))
                        .contains("Back-off pulling image \"" + image + "\"");
            });
        } finally {
            registry.stop(0);
        }
    }

    /** A registry that answers, and has nothing. */
    private static HttpServer emptyRegistry() throws IOException {
        HttpServer registry =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext(
                "/",
                exchange -> {
                    boolean root = exchange.getRequestURI().getPath().equals("/v2/");
                    byte[] body =
                            (root
                                            ? "{}"
                                            : "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest"
                                                    + " unknown\"}]}")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.getResponseHeaders()
                            .add("Docker-Distribution-Api-Version", "registry/2.0");
                    boolean head = exchange.getRequestMethod().equals("HEAD");
                    exchange.sendResponseHeaders(root ? 200 : 404, head ? -1 : body.length);
                    if (!head) {
                        exchange.getResponseBody().write(body);
                    }
                    exchange.close();
                });
        registry.start();
        return registry;
    }

    @Test
    void aContainerThatKeepsEndingBacksOff() {
        try (Scene scene = world.scene()) {
            scene.shell("crash", "echo no; exit 7");
            Pod pod =
                    scene.awaitPod(
                            "crash",
                            seen -> {
                                assertThat(waiting(seen)).isEqualTo("CrashLoopBackOff");
                                assertThat(status(seen).getRestartCount())
                                        .isGreaterThanOrEqualTo(1);
                            });
            assertThat(status(pod).getLastState().getTerminated().getExitCode()).isEqualTo(7);
            assertThat(status(pod).getLastState().getTerminated().getReason()).isEqualTo("Error");
            assertThat(status(pod).getState().getWaiting().getMessage())
                    .matches("back-off \\d+s restarting failed container=main pod=crash_.*");
            assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
            assertThat(Conditions.of(pod)).containsEntry("Ready", "False");
            assertThat(scene.kubectl("logs", "crash", "--previous").output()).isEqualTo("no\n");
            eventually(() ->
                    assertThat(scene.events("crash", "BackOff"))
                            .anyMatch(text ->
                                    text.startsWith(
                                            "Back-off restarting failed container main in pod")));
        }
    }

    @Test
    void aContainerBeyondItsMemoryIsOomKilled() {
        try (Scene scene = world.scene()) {
            scene.create(
                    Scene.shellPod("greedy", "tail /dev/zero", "  restartPolicy: Never")
                            .replace(
                                    "      command:",
                                    "      resources: {limits: {memory: 16Mi}}\n      command:"));
            Pod pod = scene.awaitPhase("greedy", "Failed");
            assertThat(terminated(pod).getReason()).isEqualTo("OOMKilled");
            assertThat(terminated(pod).getExitCode()).isEqualTo(137);
            assertThat(pod.getStatus().getQosClass()).isEqualTo("Burstable");
        }
    }

    @Test
    void aChangedImageRestartsThatContainerAlone() {
        world.docker().run("tag", Docker.IMAGE, "burstlet.dev/example:it-2").output();
        try (Scene scene = world.scene()) {
            scene.create(
                    Scene.shellPod("pair", UNTIL_TOLD, "")
                            + """
                                - name: other
                                  image: $IMAGE
                                  command: [sh, -c, "trap 'exit 0' TERM; sleep 1000 & wait"]
                            """);
            Pod before = scene.awaitReady("pair");
            scene.kubectl("set", "image", "pod/pair", "main=burstlet.dev/example:it-2").output();
            Pod after =
                    scene.awaitPod(
                            "pair",
                            pod -> {
                                assertThat(named(pod, "main").getRestartCount()).isEqualTo(1);
                                assertThat(named(pod, "main").getImage()).endsWith("example:it-2");
                                assertThat(Conditions.of(pod)).containsEntry("Ready", "True");
                                assertThat(pod.getStatus().getObservedGeneration())
                                        .isEqualTo(pod.getMetadata().getGeneration());
                            });
            assertThat(named(after, "other").getContainerID())
                    .isEqualTo(named(before, "other").getContainerID());
            assertThat(named(after, "other").getRestartCount()).isZero();
            assertThat(after.getStatus().getPodIP()).isEqualTo(before.getStatus().getPodIP());
        }
    }

    @Test
    void deletionGivesThePodItsGraceAndForceASmallOne() {
        try (Scene scene = world.scene()) {
            scene.create(
                    Scene.shellPod("deaf", "trap '' TERM; while true; do sleep 1; done", "")
                            .replace("GracePeriodSeconds: 2", "GracePeriodSeconds: 5"));
            scene.shell("polite", UNTIL_TOLD);
            scene.create(
                    Scene.shellPod("forced", "trap '' TERM; while true; do sleep 1; done", "")
                            .replace("GracePeriodSeconds: 2", "GracePeriodSeconds: 600"));
            scene.shell("hears", "nc -l -p 9000; sleep 1000");
            String address = scene.awaitReady("hears").getStatus().getPodIP();
            scene.create(
                    Scene.shellPod(
                                    "told",
                                    "trap 'echo told | nc %s 9000; exit' TERM; while true; do sleep 1; done"
                                            .formatted(address),
                                    "")
                            .replace("GracePeriodSeconds: 2", "GracePeriodSeconds: 600"));
            Set.of("deaf", "polite", "forced", "told").forEach(scene::awaitReady);
            Instant start = Instant.now();
            scene.kubectl("delete", "pod", "deaf", "--wait=false").output();
            scene.kubectl("delete", "pod", "polite", "--wait=false").output();
            scene.kubectl("delete", "pod", "forced", "told", "--force", "--grace-period=0")
                    .output();
            assertThat(scene.exists("forced")).isFalse();
            scene.awaitGone("polite");
            scene.awaitGone("deaf");
            assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofSeconds(5));
            eventually(
                    () -> assertThat(scene.kubectl("logs", "hears").output()).isEqualTo("told\n"));
            scene.kubectl("delete", "pod", "hears", "--wait=false").output();
            eventually(() -> assertThat(scene.containers()).isEmpty());
            eventually(() ->
                    assertThat(scene.events("deaf", "Killing"))
                            .contains("Stopping container main"));
        }
    }

    @Test
    void labelsAndAnnotationsChangeWithoutARestart() {
        try (Scene scene = world.scene()) {
            scene.shell("tagged", UNTIL_TOLD);
            scene.awaitReady("tagged");
            Map<String, Docker.Container> before = scene.containers();
            scene.client()
                    .resource(scene.pod("tagged"))
                    .edit(pod ->
                            new PodBuilder(pod)
                                    .editMetadata()
                                    .addToLabels("colour", "blue")
                                    .addToAnnotations("note", "changed")
                                    .endMetadata()
                                    .build());
            scene.awaitPod(
                    "tagged",
                    pod ->
                            assertThat(pod.getStatus().getObservedGeneration())
                                    .isEqualTo(pod.getMetadata().getGeneration()));
            assertThat(scene.containers()).isEqualTo(before);
            assertThat(status(scene.pod("tagged")).getRestartCount()).isZero();
        }
    }

    private static ContainerStatus status(Pod pod) {
        assertThat(pod.getStatus().getContainerStatuses()).isNotEmpty();
        return pod.getStatus().getContainerStatuses().getFirst();
    }

    private static ContainerStatus named(Pod pod, String container) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(container))
                .findFirst()
                .orElseThrow();
    }

    private static String waiting(Pod pod) {
        assertThat(status(pod).getState().getWaiting()).isNotNull();
        return status(pod).getState().getWaiting().getReason();
    }

    private static ContainerStateTerminated terminated(Pod pod) {
        assertThat(status(pod).getState().getTerminated()).isNotNull();
        return status(pod).getState().getTerminated();
    }
}
