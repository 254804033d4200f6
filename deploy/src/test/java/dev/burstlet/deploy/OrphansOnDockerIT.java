package dev.burstlet.deploy;

import static dev.burstlet.deploy.DockerEvents.first;
import static dev.burstlet.deploy.DockerEvents.only;
import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.deploy.DockerEvents.Event;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Pods deleted from the API server while no process keeps their node: they end by what the labels
 * of their containers tell, as their specs are known to nobody.
 */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
class OrphansOnDockerIT {
    private static final String NODE = "it-orphans";
    private static final String UNTIL_TOLD =
            "command: [sh, -c, \"trap 'exit 0' TERM; while true; do sleep 0.1; done\"]";

    @Test
    void theyEndWithTheirHooksTheirGraceAndTheirSidecarsLast() {
        World world = World.get();
        BurstletProcess burstlet =
                new BurstletProcess(
                        NODE, world.docker(), world.controlPlane().kubeconfig(), world.client());
        burstlet.start();
        try (Scene scene = new Scene(world, NODE, world.docker());
                DockerEvents events =
                        DockerEvents.follow(
                                world.docker(), Docker.ofNamespace(scene.namespace()))) {
            Pod orderly = orderly(scene);
            Pod stubborn = stubborn(scene);
            scene.awaitReady("orderly");
            scene.awaitReady("stubborn");

            burstlet.kill();
            scene.kubectl("delete", "pod", "orderly", "stubborn", "--force", "--grace-period=0")
                    .output();
            assertThat(scene.exists("orderly")).isFalse();
            burstlet.start();

            eventually(() -> {
                assertThat(scene.containers()).isEmpty();
                assertThat(world.docker().sandboxes(Docker.ofNamespace(scene.namespace())))
                        .isEmpty();
            });
            List<Event> ends = ended(events, orderly, "side");
            Event hook = only(ends, "main", "exec_create: sh -c sleep 2");
            Event main = first(ends, "main", "kill");
            Event side = first(ends, "side", "kill");
            assertThat(Duration.between(hook.time(), main.time()))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
            assertThat(main.detail()).as("%s", ends).isEqualTo("15");
            assertThat(only(ends, "main", "die").detail()).isEqualTo("0");
            assertThat(side.time()).isAfterOrEqualTo(only(ends, "main", "die").time());
            assertThat(only(ends, "side", "die").detail()).isEqualTo("0");

            List<Event> killed = ended(events, stubborn, "main");
            Event signal = first(killed, "main", "kill");
            assertThat(signal.detail()).isEqualTo("15");
            assertThat(only(killed, "main", "die").detail()).isEqualTo("137");
            assertThat(Duration.between(signal.time(), only(killed, "main", "die").time()))
                    .isBetween(Duration.ofMillis(2500), Duration.ofSeconds(10));
        } finally {
            burstlet.stop();
            world.client().nodes().withName(NODE).delete();
        }
    }

    private static Pod orderly(Scene scene) {
        PodParts.create(
                scene,
                "orderly",
                """
                terminationGracePeriodSeconds: 40
                initContainers:
                  - {name: side, restartPolicy: Always, image: $IMAGE, %s}
                containers:
                  - {name: main, image: $IMAGE, %s, lifecycle: {preStop: {exec: {command: [sh, -c, sleep 2]}}}}
                """
                        .formatted(UNTIL_TOLD, UNTIL_TOLD));
        return scene.pod("orderly");
    }

    private static Pod stubborn(Scene scene) {
        PodParts.create(
                scene,
                "stubborn",
                """
                terminationGracePeriodSeconds: 3
                containers:
                  - {name: main, image: $IMAGE, command: [sh, -c, "trap '' TERM; while true; do sleep 0.1; done"]}
                """);
        return scene.pod("stubborn");
    }

    /** What the engine told of a pod's containers, once it has told of the last one's end. */
    private static List<Event> ended(DockerEvents events, Pod pod, String last) {
        String uid = pod.getMetadata().getUid();
        eventually(() ->
                assertThat(events.ofPod(uid))
                        .anyMatch(
                                one -> one.container().equals(last) && one.action().equals("die")));
        return events.ofPod(uid);
    }
}
