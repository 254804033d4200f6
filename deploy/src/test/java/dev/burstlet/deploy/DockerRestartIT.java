package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A restart of dockerd, which is to pods what a reboot is to those of a kubelet. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
class DockerRestartIT {
    private static final String NODE = "it-restarted";
    private static final String UNTIL_TOLD = "trap 'exit 0' TERM; sleep 1000 & wait";

    @Test
    void podsRecoverAsOnARebootedNode() {
        String lacking = SecondDocker.lacking();
        assumeTrue(lacking.isEmpty(), lacking);
        World world = World.get();
        try (SecondDocker engine = SecondDocker.start()) {
            BurstletProcess burstlet =
                    new BurstletProcess(
                            NODE,
                            engine.docker(),
                            world.controlPlane().kubeconfig(),
                            world.client());
            burstlet.start();
            try (Scene scene = new Scene(world, NODE, engine.docker())) {
                recovers(scene, engine);
                scene.closeAndAwait();
            } finally {
                burstlet.stop();
                world.client().nodes().withName(NODE).delete();
            }
        }
    }

    private static void recovers(Scene scene, SecondDocker engine) {
        scene.shell("service", UNTIL_TOLD);
        scene.create(Scene.shellPod("once", UNTIL_TOLD, "  restartPolicy: Never"));
        Pod before = scene.awaitReady("service");
        scene.awaitReady("once");

        engine.restart();

        Pod after =
                scene.awaitPod(
                        "service",
                        pod -> {
                            assertThat(status(pod).getRestartCount()).isEqualTo(1);
                            assertThat(Conditions.of(pod)).containsEntry("Ready", "True");
                        });
        assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
        assertThat(status(after).getContainerID()).isNotEqualTo(status(before).getContainerID());
        assertThat(status(after).getLastState().getTerminated()).isNotNull();
        eventually(() ->
                assertThat(scene.pod("once").getStatus().getPhase()).isIn("Failed", "Succeeded"));
        assertThat(status(scene.pod("once")).getRestartCount()).isZero();
        assertThat(engine.docker().sandboxes(Docker.ofNamespace(scene.namespace())).values())
                .filteredOn(Docker.Container::running)
                .hasSize(1);
    }

    private static ContainerStatus status(Pod pod) {
        assertThat(pod.getStatus().getContainerStatuses()).hasSize(1);
        return pod.getStatus().getContainerStatuses().getFirst();
    }
}
