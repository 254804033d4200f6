package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods that the node must not run: what becomes of them, and in which words. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class AdmissionOnDockerIT {
    private static final String HOST_PATH =
            """
              volumes:
                - name: host
                  hostPath: {path: /etc}
            """;

    private World world;

    @BeforeAll
    void world() {
        world = World.get();
    }

    @Test
    void aPodThatDoesNotFitFailsOutOfCpu() {
        try (Scene scene = world.scene()) {
            scene.create(
                    Scene.shellPod("huge", "true", "")
                            .replace(
                                    "      command:",
                                    "      resources: {requests: {cpu: 5000}}\n      command:"));
            Pod pod = scene.awaitPhase("huge", "Failed");
            assertThat(pod.getStatus().getReason()).isEqualTo("OutOfcpu");
            assertThat(pod.getStatus().getMessage())
                    .startsWith(
                            "Pod was rejected: Node didn't have enough resource: cpu,"
                                    + " requested: 5000000, used: ");
            eventually(() -> assertThat(scene.events("huge", "OutOfcpu")).isNotEmpty());
            assertThat(scene.containers()).isEmpty();
        }
    }

    @Test
    void aPodThatPolicyForbidsFailsNamingTheField() {
        try (Scene scene = world.scene()) {
            scene.create(Scene.shellPod("nosy", "true", HOST_PATH));
            Pod pod = scene.awaitPhase("nosy", "Failed");
            assertThat(pod.getStatus().getReason()).isEqualTo("UnexpectedAdmissionError");
            assertThat(pod.getStatus().getMessage())
                    .contains("refused by the node's policy: ")
                    .contains("spec.volumes[0].hostPath");
            eventually(() ->
                    assertThat(scene.events("nosy", "UnexpectedAdmissionError")).isNotEmpty());
        }
    }

    @Test
    void aDaemonSetsPodThatPolicyForbidsStaysPendingAndSaysWhy() {
        try (Scene scene = world.scene()) {
            scene.create(
                    """
                    apiVersion: apps/v1
                    kind: DaemonSet
                    metadata: {name: agent}
                    spec:
                      selector: {matchLabels: {app: agent}}
                      template:
                        metadata: {labels: {app: agent}}
                        spec:
                          nodeSelector: {kubernetes.io/hostname: $NODE}
                          tolerations: [{operator: Exists}]
                          hostNetwork: true
                          containers:
                            - {name: agent, image: $IMAGE, command: [sleep, "1000"]}
                    """);
            eventually(() -> {
                assertThat(scene.pods()).hasSize(1);
                Pod pod = scene.pods().getFirst();
                assertThat(scene.events(pod.getMetadata().getName(), "UnexpectedAdmissionError"))
                        .anyMatch(text -> text.contains("spec.hostNetwork"));
                assertThat(pod.getStatus().getPhase()).isEqualTo("Pending");
                assertThat(pod.getStatus().getMessage()).contains("spec.hostNetwork");
            });
            assertThat(scene.containers()).isEmpty();
        }
    }

    @Test
    void whatIsNotSupportedIsRefusedByName() {
        try (Scene scene = world.scene()) {
            scene.create(
                    Scene.shellPod(
                            "future",
                            "true",
                            """
                              volumes:
                                - name: later
                                  iscsi: {targetPortal: '127.0.0.1:3260', iqn: 'iqn.2001-04.example:a', lun: 0}
                            """));
            Pod pod = scene.awaitPhase("future", "Failed");
            assertThat(pod.getStatus().getMessage()).contains("spec.volumes[0].iscsi");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RuntimeDefault, Failed",
        "'Localhost, localhostProfile: strict', Failed",
        "Unconfined, Succeeded"
    })
    void aProfileOfAppArmorOnAHostWithoutItIsRejected(String profile, String phase) {
        assumeFalse(Files.exists(Path.of("/sys/module/apparmor")), "this host has AppArmor");
        try (Scene scene = world.scene()) {
            PodParts.create(
                    scene,
                    "profiled",
                    """
                    restartPolicy: Never
                    containers:
                      - name: main
                        image: $IMAGE
                        command: ["true"]
                        securityContext: {appArmorProfile: {type: $PROFILE}}
                    """
                            .replace("$PROFILE", profile));
            Pod pod = scene.awaitPhase("profiled", phase);
            if (phase.equals("Failed")) {
                assertThat(pod.getStatus().getReason()).isEqualTo("AppArmor");
                assertThat(pod.getStatus().getMessage())
                        .isEqualTo(
                                "Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled"
                                        + " on the host");
                eventually(() -> assertThat(scene.events("profiled", "AppArmor")).isNotEmpty());
                assertThat(pod.getStatus().getContainerStatuses()).isEmpty();
                assertThat(scene.containers()).isEmpty();
            }
        }
    }
}
