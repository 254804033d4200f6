package dev.burstlet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Seccomp profiles of a node's own directory, which pods name as localhostProfile. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeccompProfilesIT {
    private static final String NODE = "it-seccomp";

    @TempDir private static Path profiles;

    private World world;
    private BurstletProcess burstlet;

    @BeforeAll
    void start() throws IOException {
        Path directory = Files.createDirectories(profiles.resolve("team"));
        Files.writeString(
                directory.resolve("no-mkdir.json"),
                """
                {"defaultAction": "SCMP_ACT_ALLOW",
                 "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
                """);
        world = World.get();
        String host =
                "docker: {endpoint: '%s'}\n    seccompProfiles: %s"
                        .formatted(world.docker().endpoint(), profiles);
        burstlet =
                new BurstletProcess(world.controlPlane().kubeconfig(), world.client(), NODE, host);
        burstlet.start();
    }

    @AfterAll
    void stop() {
        burstlet.stop();
        world.client().nodes().withName(NODE).delete();
    }

    @Test
    void aContainerIsHeldToTheProfileThatItNames() {
        try (Scene scene = new Scene(world, NODE, world.docker())) {
            PodParts.create(
                    scene,
                    "held",
                    """
                    restartPolicy: Never
                    securityContext: {seccompProfile: {type: Localhost, localhostProfile: team/no-mkdir.json}}
                    containers:
                      - name: main
                        image: $IMAGE
                        command: [sh, -c, 'mkdir /tmp/a || touch /tmp-file && echo touched']
                    """);
            scene.awaitPhase("held", "Succeeded");
            assertThat(scene.kubectl("logs", "held").output())
                    .contains("Operation not permitted")
                    .contains("touched");
        }
    }
}
