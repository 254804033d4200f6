package dev.burstlet.deploy;

import static dev.burstlet.deploy.PodParts.condition;
import static dev.burstlet.deploy.PodParts.finished;
import static dev.burstlet.deploy.PodParts.named;
import static dev.burstlet.deploy.PodParts.terminated;
import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import dev.burstlet.testing.NeedsServer;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How a pod begins, is kept up and ends, as a kubelet does it. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class PodSemanticsIT {
    private static final String SLEEP = "image: $IMAGE, command: [sleep, '1000']";

    private World world;

    @BeforeAll
    void world() {
        world = World.get();
    }

    // ---- init containers and sidecars -----------------------------------------------------------

    @Test
    void aFailedInitContainerFailsAPodThatNeverRestarts() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "init",
                    """
                    restartPolicy: Never
                    initContainers:
                      - {name: good, image: $IMAGE, command: ['true']}
                      - {name: bad, image: $IMAGE, command: ['false']}
                      - {name: after, image: $IMAGE, command: ['true']}
                    containers: [{name: main, image: $IMAGE, command: ['true']}]
                    """);
            Pod pod = scene.awaitPhase("init", "Failed");
            List<ContainerStatus> inits = pod.getStatus().getInitContainerStatuses();
            assertThat(inits.get(0).getState().getTerminated().getExitCode()).isZero();
            assertThat(inits.get(1).getState().getTerminated().getExitCode()).isOne();
            assertThat(inits.get(2).getState().getWaiting().getReason())
                    .isEqualTo("PodInitializing");
            assertThat(condition(pod, "Initialized").getStatus()).isEqualTo("False");
        }
    }

    @Test
    void sidecarsEndAfterTheMainContainerInReverseOrder() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "cars",
                    """
                    restartPolicy: Never
                    terminationGracePeriodSeconds: 20
                    initContainers:
                      - {name: one, restartPolicy: Always, image: $IMAGE, command: [sh, -c, 'trap "exit 0" TERM; while true; do sleep 0.2; done']}
                      - {name: two, restartPolicy: Always, image: $IMAGE, command: [sh, -c, 'trap "sleep 1; exit 0" TERM; while true; do sleep 0.2; done']}
                    containers: [{name: main, image: $IMAGE, command: [sleep, '1']}]
                    """);
            Pod pod = scene.awaitPhase("cars", "Succeeded");
            Instant main = finished(named(pod, "main"));
            Instant two = finished(named(pod, "two"));
            assertThat(two).isAfterOrEqualTo(main);
            assertThat(finished(named(pod, "one"))).isAfterOrEqualTo(two);
            assertThat(condition(pod, "Ready").getReason()).isEqualTo("PodCompleted");
            assertThat(named(pod, "one").getReady()).isFalse();
        }
    }

    // ---- probes and hooks -----------------------------------------------------------------------

    @Test
    void aFailedLivenessProbeEndsTheContainerWithTheProbesOwnGrace() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "live",
                    """
                    terminationGracePeriodSeconds: 600
                    containers:
                      - name: main
                        image: $IMAGE
                        command: [sh, -c, 'trap "" TERM; while true; do sleep 1; done']
                        livenessProbe: {exec: {command: ['false']}, periodSeconds: 1, failureThreshold: 1, timeoutSeconds: 10, terminationGracePeriodSeconds: 2}
                    """);
            Pod pod =
                    scene.awaitPod(
                            "live",
                            seen -> assertThat(named(seen, "main").getRestartCount()).isPositive());
            assertThat(named(pod, "main").getLastState().getTerminated().getExitCode())
                    .isEqualTo(137);
            eventually(() ->
                    assertThat(scene.events("live", "Killing"))
                            .contains("Container main failed liveness probe, will be restarted"));
            scene.kubectl("delete", "pod", "live", "--grace-period=1", "--wait=false").output();
        }
    }

    @Test
    void aReadinessGateHoldsThePodBack() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "gate",
                    "readinessGates: [{conditionType: example.com/gate}]\n"
                            + "containers: [{name: main, "
                            + SLEEP
                            + "}]");
            Pod pod =
                    scene.awaitPod(
                            "gate",
                            seen ->
                                    assertThat(condition(seen, "ContainersReady").getStatus())
                                            .isEqualTo("True"));
            assertThat(condition(pod, "Ready").getReason()).isEqualTo("ReadinessGatesNotReady");
            String status =
                    "{\"status\":{\"conditions\":[{\"type\":\"example.com/gate\",\"status\":\"True\"}]}}";
            scene.kubectl("patch", "pod", "gate", "--subresource=status", "-p", status).output();
            scene.awaitReady("gate");
        }
    }

    @Test
    void preStopComesBeforeTheSignal() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "hook",
                    """
                    terminationGracePeriodSeconds: 30
                    containers:
                      - name: main
                        image: $IMAGE
                        command: [sh, -c, 'trap "exit 0" TERM; while true; do sleep 0.2; done']
                        lifecycle: {preStop: {sleep: {seconds: 4}}}
                    """);
            scene.awaitReady("hook");
            Instant start = Instant.now();
            scene.kubectl("delete", "pod", "hook", "--wait=false").output();
            scene.awaitGone("hook");
            assertThat(Duration.between(start, Instant.now()))
                    .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(30));
        }
    }

    @Test
    void aFailedPostStartHookEndsTheContainer() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "start",
                    "containers: [{name: main, "
                            + SLEEP
                            + ", lifecycle: {postStart: {exec: {command: ['false']}}}}]");
            eventually(() ->
                    assertThat(scene.events("start", "FailedPostStartHook"))
                            .anyMatch(text -> text.startsWith("PostStartHook failed: ")));
            scene.awaitPod(
                    "start",
                    seen -> assertThat(named(seen, "main").getRestartCount()).isPositive());
        }
    }

    // ---- ends -----------------------------------------------------------------------------------

    @Test
    void aPodThatSomebodySaysHasFailedIsStoppedAndKeepsItsLogs() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "judged",
                    """
                    terminationGracePeriodSeconds: 1
                    containers: [{name: main, image: $IMAGE, command: [sh, -c, 'echo here; sleep 1000']}]
                    """);
            scene.awaitPhase("judged", "Running");
            eventually(
                    () -> assertThat(scene.kubectl("logs", "judged").output()).isEqualTo("here\n"));
            scene.kubectl(
                    "patch",
                    "pod",
                    "judged",
                    "--subresource=status",
                    "-p",
                    "{\"status\":{\"phase\":\"Failed\"}}");
            eventually(() -> {
                Pod pod = scene.pods().getFirst();
                assertThat(pod.getStatus().getPhase()).isEqualTo("Failed");
                assertThat(
                                pod.getStatus()
                                        .getContainerStatuses()
                                        .getFirst()
                                        .getState()
                                        .getTerminated())
                        .isNotNull();
            });
            assertThat(scene.kubectl("logs", "judged").output()).isEqualTo("here\n");
        }
    }

    @Test
    void terminationMessagesComeFromTheFileOrTheLog() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "said",
                    """
                    restartPolicy: Never
                    containers:
                      - {name: file, image: $IMAGE, terminationMessagePolicy: FallbackToLogsOnError, command: [sh, -c, 'printf OK >/dev/termination-log; echo log; exit 1']}
                      - {name: log, image: $IMAGE, terminationMessagePolicy: FallbackToLogsOnError, command: [sh, -c, 'printf DONE; exit 1']}
                      - {name: well, image: $IMAGE, terminationMessagePolicy: FallbackToLogsOnError, command: [sh, -c, 'printf DONE']}
                      - {name: user, image: $IMAGE, terminationMessagePath: /dev/own, securityContext: {runAsUser: 1000}, command: [sh, -c, 'printf MINE >/dev/own']}
                    """);
            Pod pod = scene.awaitPhase("said", "Failed");
            assertThat(terminated(pod, "file").getMessage()).isEqualTo("OK");
            assertThat(terminated(pod, "log").getMessage()).isEqualTo("DONE");
            assertThat(terminated(pod, "well").getMessage()).isNull();
            assertThat(terminated(pod, "user").getMessage()).isEqualTo("MINE");
        }
    }

    @Test
    @NeedsServer("1.35")
    void anExitCodeRuleRestartsWhatElseWouldNot() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "rule",
                    """
                    restartPolicy: Never
                    containers:
                      - name: main
                        image: $IMAGE
                        restartPolicy: Never
                        restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]
                        command: [sh, -c, 'test -f /d/x && exit 0; touch /d/x; exit 42']
                        volumeMounts: [{name: d, mountPath: /d}]
                    volumes: [{name: d, emptyDir: {}}]
                    """);
            Pod pod = scene.awaitPhase("rule", "Succeeded");
            assertThat(named(pod, "main").getRestartCount()).isOne();
        }
    }

    @Test
    void aPodPastItsDeadlineFails() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "late",
                    "activeDeadlineSeconds: 3\ncontainers: [{name: main, " + SLEEP + "}]");
            Pod pod = scene.awaitPhase("late", "Failed");
            assertThat(pod.getStatus().getReason()).isEqualTo("DeadlineExceeded");
        }
    }

    @Test
    void aPodThatFillsItsEmptyDirIsEvicted() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "full",
                    """
                    containers:
                      - name: main
                        image: $IMAGE
                        command: [sh, -c, 'dd if=/dev/zero of=/d/f bs=1M count=3; sleep 1000']
                        volumeMounts: [{name: d, mountPath: /d}]
                    volumes: [{name: d, emptyDir: {sizeLimit: 1Mi}}]
                    """);
            Pod pod = scene.awaitPhase("full", "Failed");
            assertThat(pod.getStatus().getReason()).isEqualTo("Evicted");
            assertThat(pod.getStatus().getMessage())
                    .isEqualTo("Usage of EmptyDir volume \"d\" exceeds the limit \"1Mi\". ");
            assertThat(pod.getStatus().getConditions())
                    .extracting(PodCondition::getType)
                    .doesNotContain("DisruptionTarget");
            // What it took up is given back, while its status stays.
            eventually(() -> {
                assertThat(scene.containers()).isEmpty();
                assertThat(volumes(pod)).isEmpty();
            });
            assertThat(scene.pod("full").getStatus()).isEqualTo(pod.getStatus());
        }
    }

    private String volumes(Pod pod) {
        String label = "label=" + Docker.ofPod(pod.getMetadata().getUid());
        return world.docker().run("volume", "ls", "-q", "--filter", label).output();
    }

    @Test
    void ofEachContainerOneDeadInstanceIsKept() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "dies",
                    """
                    containers:
                      - {name: main, image: $IMAGE, command: [sh, -c, 'echo x >>/d/starts; n=$(wc -l </d/starts); echo start $n; test $n -gt 2 && sleep 1000; exit $n'], volumeMounts: [{name: d, mountPath: /d}]}
                    volumes: [{name: d, emptyDir: {}}]
                    """);
            Pod pod =
                    scene.awaitPod(
                            "dies",
                            seen -> {
                                assertThat(named(seen, "main").getRestartCount()).isEqualTo(2);
                                assertThat(Conditions.of(seen)).containsEntry("Ready", "True");
                            });
            assertThat(named(pod, "main").getLastState().getTerminated().getExitCode())
                    .isEqualTo(2);
            eventually(() ->
                    assertThat(scene.containers().values())
                            .extracting(Docker.Container::running)
                            .containsExactlyInAnyOrder(true, false));
            assertThat(scene.kubectl("logs", "dies", "--previous").output()).isEqualTo("start 2\n");
        }
    }

    @Test
    void logsAreCutIntoFilesOfTenMebibytes() {
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "writes",
                    """
                    restartPolicy: Never
                    containers:
                      - {name: main, image: $IMAGE, command: [sh, -c, 'yes %s | head -n 12000']}
                    """
                            .formatted("0123456789".repeat(100)));
            Pod pod = scene.awaitPhase("writes", "Succeeded");
            String id = named(pod, "main").getContainerID().replaceFirst("^docker://", "");
            String limits =
                    "{{index .HostConfig.LogConfig.Config \"max-size\"}} {{index .HostConfig.LogConfig.Config \"max-file\"}}";
            assertThat(world.docker().run("inspect", "--format", limits, id).output().strip())
                    .isEqualTo("10m 5");
            assertThat(scene.kubectl("logs", "writes").output().lines()).hasSize(12000);
        }
    }
}
