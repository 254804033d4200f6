package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.burstlet.testing.ControlPlaneExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Images that nothing uses go from an engine of the node's own whose disk is fuller than it may.
 */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
class ImageCollectionIT {
    private static final String NODE = "it-collects";
    private static final String RUNNING = "it/running:1";
    private static final String ENDED = "it/ended:1";
    private static final String USED = "it/used:1";
    private static final String NEVER_USED = "it/never-used:1";

    @Test
    void onlyWhatIsInUseAndTheSandboxImageStay() {
        String lacking = SecondDocker.lacking();
        assumeTrue(lacking.isEmpty(), lacking);
        World world = World.get();
        try (SecondDocker engine = SecondDocker.start()) {
            for (String image : List.of(RUNNING, ENDED, USED, NEVER_USED)) {
                make(engine.docker(), image);
            }
            // Any disk is fuller than one per cent.
            String host =
                    "docker: {endpoint: '%s'}\n    images: {collect: all, highThresholdPercent: 1, lowThresholdPercent: 0, minimumAgeSeconds: 5, periodSeconds: 10}"
                            .formatted(engine.docker().endpoint());
            BurstletProcess burstlet =
                    new BurstletProcess(
                            world.controlPlane().kubeconfig(), world.client(), NODE, host);
            burstlet.start();
            try (Scene scene = new Scene(world, NODE, engine.docker())) {
                collects(scene, engine.docker());
                scene.closeAndAwait();
            } finally {
                burstlet.stop();
                world.client().nodes().withName(NODE).delete();
            }
        }
    }

    private static void collects(Scene scene, Docker docker) {
        scene.create(pod("running", RUNNING, "while true; do sleep 0.2; done", "Always"));
        scene.create(pod("ended", ENDED, "exit 0", "Never"));
        scene.create(pod("used", USED, "exit 0", "Never"));
        scene.awaitReady("running");
        scene.awaitPhase("ended", "Succeeded");
        scene.awaitPhase("used", "Succeeded");
        scene.kubectl("delete", "pod", "used").output();

        eventually(() -> assertThat(names(docker)).doesNotContain(USED, NEVER_USED));
        assertThat(names(docker))
                .contains(RUNNING, ENDED)
                .anyMatch(name -> name.startsWith("dev.burstlet/pause:"));

        // Nothing of the node is left, and its sandbox image is in nobody's use.
        scene.kubectl("delete", "pod", "running", "ended").output();
        eventually(() -> assertThat(names(docker)).doesNotContain(RUNNING, ENDED));
        assertThat(names(docker)).anyMatch(name -> name.startsWith("dev.burstlet/pause:"));
    }

    private static String pod(String name, String image, String script, String restartPolicy) {
        return Scene.shellPod(name, script, "  restartPolicy: " + restartPolicy)
                .replace("$IMAGE", image);
    }

    private static void make(Docker docker, String image) {
        String container = docker.run("create", Docker.IMAGE, "true").output().strip();
        docker.run("commit", "-m", image, container, image).output();
        docker.run("rm", container).output();
    }

    private static List<String> names(Docker docker) {
        return docker.run("images", "--format", "{{.Repository}}:{{.Tag}}")
                .output()
                .lines()
                .toList();
    }
}
