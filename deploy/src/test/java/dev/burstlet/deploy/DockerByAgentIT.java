package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** An agent in front of a Docker Engine: the same pods, kept on the host. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DockerByAgentIT {
    private static final String NODE = "it-docker-agent";

    private final World world = World.get();
    private final AgentInFront agent =
            new AgentInFront(NODE, List.of("--docker", world.docker().endpoint()));
    private @Nullable Scene scene;

    @BeforeAll
    void open() {
        agent.start(world);
        Scene there = new Scene(world, NODE, world.docker());
        scene = there;
        there.create(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: words}\ndata: {word: plain}\n");
        there.create(
                Scene.shellPod(
                                "talks",
                                "echo it says $(cat /config/word); sleep 1000",
                                """
                                  volumes:
                                    - {name: config, configMap: {name: words}}
                                """)
                        + """
                              volumeMounts:
                                - {name: config, mountPath: /config}
                              readinessProbe:
                                exec: {command: [test, -e, /config/word]}
                                periodSeconds: 1
                        """);
        there.awaitReady("talks");
    }

    @AfterAll
    void close() {
        if (scene != null) {
            Scene there = scene;
            there.pods().forEach(pod -> there.client().resource(pod).delete());
            eventually(() -> assertThat(there.pods()).isEmpty());
            there.close();
        }
        agent.end();
    }

    @Test
    void logsAndExecWork() {
        assertThat(scene().kubectl("logs", "talks").output()).isEqualTo("it says plain\n");
        Command ended = scene().kubectl("exec", "talks", "--", "sh", "-c", "echo out; exit 5");
        assertThat(ended.out()).isEqualTo("out\n");
        assertThat(ended.code()).isEqualTo(5);
    }

    @Test
    void aRestartOfBothRestartsNothing() {
        Pod before = scene().awaitReady("talks");
        agent.killAndStart();
        Pod after = scene().awaitReady("talks");
        assertThat(after.getStatus().getContainerStatuses())
                .isEqualTo(before.getStatus().getContainerStatuses());
    }

    @Test
    void aPodThatFailsIsRestartedAndADeletedOneLeavesNothing() {
        scene().shell("dies", "sleep 2; exit 3");
        Pod again =
                scene().awaitPod(
                                "dies",
                                seen -> {
                                    assertThat(seen.getStatus().getContainerStatuses())
                                            .isNotEmpty()
                                            .allMatch(main -> main.getRestartCount() > 0);
                                });
        scene().client().resource(again).withGracePeriod(0).delete();
        scene().awaitGone("dies");
        // Whoever forces does not wait for the pod's small grace.
        String label = "io.kubernetes.pod.uid=" + again.getMetadata().getUid();
        eventually(() -> assertThat(world.docker().containers(label)).isEmpty());
    }

    private Scene scene() {
        return java.util.Objects.requireNonNull(scene);
    }
}
