package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Volumes after what an engine and its host go through, with Burstlet killed at the same time. What
 * containers lack when they start, they say, and fail.
 */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VolumesAfterRestartsIT {
    private static final String NODE = "it-comes-back";
    private static final String SCRIPT =
            """
            for f in /cm/word /sec/key /one /two /var/run/secrets/kubernetes.io/serviceaccount/token
            do
              test -s $f || { echo lacking $f; exit 7; }
            done
            echo x >>/disk/starts
            echo x >>/ram/starts
            test -e /disk/single || echo single >/disk/single
            echo "found $(cat /cm/word /sec/key /one /two) ram $(wc -l </ram/starts)"
            trap 'exit 0' TERM
            sleep 1000 & wait
            """;
    private static final String SPEC =
            """
              volumes:
                - {name: cm, configMap: {name: cm}}
                - {name: sec, secret: {secretName: sec}}
                - {name: ram, emptyDir: {medium: Memory}}
                - {name: disk, emptyDir: {}}
              initContainers:
                - name: single
                  image: $IMAGE
                  command: [sh, -c, test -e /disk/single || echo single >/disk/single]
                  volumeMounts: [{name: disk, mountPath: /disk}]
            """;
    private static final String MOUNTS =
            """
                  volumeMounts:
                    - {name: cm, mountPath: /cm}
                    - {name: sec, mountPath: /sec}
                    - {name: ram, mountPath: /ram}
                    - {name: disk, mountPath: /disk}
                    - {name: cm, mountPath: /one, subPath: word}
                    - {name: disk, mountPath: /two, subPath: single}
                - name: side
                  image: $IMAGE
                  command: [sh, -c, "trap 'exit 0' TERM; sleep 1000 & wait"]
                  volumeMounts: [{name: cm, mountPath: /cm}, {name: ram, mountPath: /ram}]
            """;

    private final String secret = "leak-" + UUID.randomUUID();
    private World world;
    private @Nullable SecondDocker engine;
    private BurstletProcess burstlet;

    @BeforeAll
    void start() {
        String lacking = SecondDocker.lacking();
        assumeTrue(lacking.isEmpty(), lacking);
        world = World.get();
        SecondDocker started = SecondDocker.start("--live-restore");
        engine = started;
        burstlet =
                new BurstletProcess(
                        NODE, started.docker(), world.controlPlane().kubeconfig(), world.client());
        burstlet.start();
    }

    @AfterAll
    void stop() {
        SecondDocker started = engine;
        if (started != null) {
            burstlet.stop();
            world.client().nodes().withName(NODE).delete();
            started.close();
        }
    }

    private SecondDocker engine() {
        return java.util.Objects.requireNonNull(engine);
    }

    @Test
    void podsLiveThroughARestartOfTheEngineAndTheirContainersFindTheirVolumes() {
        try (Scene scene = new Scene(world, NODE, engine().docker())) {
            Pod before = pod(scene);
            burstlet.kill();
            engine().down();
            change(scene);
            engine().up();
            burstlet.start();

            eventually(() ->
                    assertThat(inside(scene, "cat /cm/word /sec/key /one /two; wc -l </ram/starts"))
                            .isEqualTo("new" + secret + "oldsingle\n1\n"));
            assertThat(scene.awaitReady("back").getStatus().getContainerStatuses())
                    .extracting(ContainerStatus::getContainerID)
                    .isEqualTo(ids(before));

            engine().docker().kill("KILL", container(before, "main"));
            Pod after =
                    scene.awaitPod(
                            "back",
                            pod -> {
                                assertThat(status(pod, "main").getRestartCount()).isPositive();
                                assertThat(Conditions.of(pod)).containsEntry("Ready", "True");
                            });
            assertThat(status(after, "main").getLastState().getTerminated().getExitCode())
                    .isEqualTo(137);
            assertThat(scene.kubectl("logs", "back", "-c", "main").output())
                    .startsWith("found new" + secret + "newsingle ram ");

            nothingIsLeftOf(scene, after, true);
        }
    }

    @Test
    void aRebootedHostFillsWhatWasInRamBeforeAnyContainerStarts() {
        try (Scene scene = new Scene(world, NODE, engine().docker())) {
            pod(scene);
            burstlet.kill();
            engine().crash();
            change(scene);
            engine().up();
            burstlet.start();

            Pod after =
                    scene.awaitPod(
                            "back",
                            pod -> {
                                assertThat(status(pod, "main").getRestartCount()).isEqualTo(1);
                                assertThat(Conditions.of(pod)).containsEntry("Ready", "True");
                            });
            assertThat(scene.kubectl("logs", "back", "-c", "main").output())
                    .isEqualTo("found new" + secret + "newsingle ram 1\n");
            assertThat(inside(scene, "wc -l </disk/starts")).isEqualTo("2\n");
            assertThat(status(after, "side").getRestartCount()).isEqualTo(1);

            nothingIsLeftOf(scene, after, false);
        }
    }

    private Pod pod(Scene scene) {
        scene.create("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm}\ndata: {word: old}\n");
        scene.create(
                "apiVersion: v1\nkind: Secret\nmetadata: {name: sec}\nstringData: {key: %s}\n"
                        .formatted(secret));
        scene.create(Scene.shellPod("back", SCRIPT, SPEC) + MOUNTS);
        return scene.awaitReady("back");
    }

    private static void change(Scene scene) {
        scene.kubectl("patch", "cm", "cm", "-p", "{\"data\":{\"word\":\"new\"}}").output();
    }

    private void nothingIsLeftOf(Scene scene, Pod pod, boolean miscounts) {
        assertThat(engine().filesWith(secret)).as("in RAM, while the pod runs").isNotEmpty();
        scene.kubectl("delete", "pod", "back", "--wait=false").output();
        scene.awaitGone("back");
        String label = "label=" + Docker.ofPod(pod.getMetadata().getUid());
        assertThat(engine().docker().run("ps", "-aq", "--filter", label).output()).isEmpty();
        assertThat(engine().filesWith(secret)).isEmpty();
        if (miscounts) {
            // Empty volumes of an engine that counts their mounts wrong go when it counts anew.
            engine().restart();
        }
        eventually(() -> {
            assertThat(engine().docker().run("volume", "ls", "-q", "--filter", label).output())
                    .isEmpty();
            assertThat(engine().mounts()).noneMatch(point -> point.contains("/volumes/"));
        });
    }

    private static List<String> ids(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getContainerID)
                .toList();
    }

    private static String container(Pod pod, String name) {
        return status(pod, name).getContainerID().replaceFirst("^docker://", "");
    }

    private static ContainerStatus status(Pod pod, String name) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String inside(Scene scene, String script) {
        return scene.kubectl("exec", "back", "-c", "main", "--", "sh", "-c", script).output();
    }
}
