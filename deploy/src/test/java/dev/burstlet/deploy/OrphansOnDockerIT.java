package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
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
        try (Scene scene = new Scene(world, NODE, world.docker())) {
            Instant begun = Instant.now();
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
            List<Told> ends = told(world.docker(), orderly, begun);
            Told hook = only(ends, "main", "exec_create: sh -c sleep 2");
            Told main = first(ends, "main", "kill");
            Told side = first(ends, "side", "kill");
            assertThat(Duration.between(hook.time(), main.time()))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
            assertThat(main.detail()).as("%s", ends).isEqualTo("15");
            assertThat(only(ends, "main", "die").detail()).isEqualTo("0");
            assertThat(side.time()).isAfterOrEqualTo(only(ends, "main", "die").time());
            assertThat(only(ends, "side", "die").detail()).isEqualTo("0");

            List<Told> killed = told(world.docker(), stubborn, begun);
            Told signal = first(killed, "main", "kill");
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

    /**
     * What the engine itself saw of a container.
     *
     * @param detail the signal, or the exit code
     */
    private record Told(Instant time, String container, String action, String detail) {}

    private static List<Told> told(Docker docker, Pod pod, Instant since) {
        String format =
                "{{.TimeNano}}\t{{index .Actor.Attributes \"io.kubernetes.container.name\"}}\t{{.Action}}"
                        + "\t{{index .Actor.Attributes \"signal\"}}{{index .Actor.Attributes \"exitCode\"}}";
        return docker.run(
                        "events",
                        "--since",
                        Long.toString(since.getEpochSecond()),
                        "--until",
                        Long.toString(Instant.now().getEpochSecond() + 1),
                        "--filter",
                        "label=" + Docker.ofPod(pod.getMetadata().getUid()),
                        "--filter",
                        "type=container",
                        "--format",
                        format)
                .output()
                .lines()
                .map(line -> line.split("\t", -1))
                .map(part ->
                        new Told(
                                Instant.EPOCH.plusNanos(Long.parseLong(part[0])),
                                part[1],
                                part[2].strip(),
                                part[3]))
                .toList();
    }

    private static Told first(List<Told> told, String container, String action) {
        return told.stream()
                .filter(event ->
                        event.container().equals(container) && event.action().equals(action))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("no " + action + " of " + container + " in " + told));
    }

    private static Told only(List<Told> told, String container, String action) {
        assertThat(told)
                .filteredOn(event ->
                        event.container().equals(container) && event.action().equals(action))
                .as(action + " of " + container)
                .hasSize(1);
        return first(told, container, action);
    }
}
