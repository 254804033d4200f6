package dev.burstlet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart, as a script runs it. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
class QuickstartIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String NODE = "it-quickstart";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void itEndsWithAReadyNodeAndPodsThatRunAsContainers() throws IOException {
        Command quickstart = quickstart("--exit", "--node", NODE, "--dir", folder.toString());
        String said = quickstart.output();
        assertThat(said)
                .containsPattern(NODE + " +Ready ")
                .containsPattern("(?:hello-\\S+ +1/1 +Running .*\\s+){3}")
                .containsPattern("once-\\S+ +0/1 +Completed ")
                .containsPattern("k8s_hello_hello-\\S+ +Up ")
                .containsPattern("hello from hello-\\S+ on " + NODE)
                .contains("Done")
                .doesNotContain("Building");
        assertThat(Docker.get().containers("dev.burstlet.node=" + NODE)).isEmpty();
    }

    @Test
    void itJoinsAnExistingCluster() throws IOException {
        String kubeconfig = World.get().controlPlane().kubeconfig().toString();
        Command quickstart =
                quickstart(
                        "--exit",
                        "--node",
                        NODE + "-2",
                        "--dir",
                        folder.toString(),
                        "--kubeconfig",
                        kubeconfig);
        assertThat(quickstart.output())
                .containsPattern(NODE + "-2 +Ready ")
                .doesNotContain("Control plane");
        assertThat(World.get().client().nodes().withName(NODE + "-2").get()).isNull();
    }

    /** The kernel tells which handler it was: gVisor, the default, has another. */
    @Test
    void itsPodsRunByTheRuntimeHandlerThatIsNamed() throws IOException {
        String kubeconfig = World.get().controlPlane().kubeconfig().toString();
        String said =
                quickstart(
                                "--exit",
                                "--backend",
                                "hyper",
                                "--runtime-handler",
                                "runc",
                                "--node",
                                NODE + "-3",
                                "--dir",
                                folder.toString(),
                                "--kubeconfig",
                                kubeconfig)
                        .output();
        String kernel = Command.run(Map.of(), "uname", "-r").output().strip();
        assertThat(said)
                .containsPattern(NODE + "-3 +Ready ")
                .containsPattern("hello from hello-\\S+ on " + NODE + "-3")
                .contains("this host's is " + kernel + "\n" + kernel)
                .contains("Done");
        assertThat(World.get().client().nodes().withName(NODE + "-3").get()).isNull();
    }

    @Test
    void aRuntimeHandlerOfDockerIsRefused() {
        Command refused =
                Command.run(
                        Map.of(),
                        Repository.root().resolve("quickstart").toString(),
                        "--runtime-handler",
                        "runc");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("--runtime-handler goes with --backend hyper");
    }

    @Test
    void anOptionItDoesNotKnowIsRefused() {
        Command refused =
                Command.run(
                        Map.of(), Repository.root().resolve("quickstart").toString(), "--no-such");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("no such option: --no-such").contains("--exit");
    }

    private Command quickstart(String... options) throws IOException {
        String[] line = new String[options.length + 1];
        line[0] = Repository.root().resolve("quickstart").toString();
        System.arraycopy(options, 0, line, 1, options.length);
        Command ended =
                Command.run(
                        Map.of("BURSTLET_PORT", Integer.toString(BurstletProcess.freePort())),
                        Repository.root(),
                        LIMIT,
                        line);
        if (ended.code() != 0) {
            Path log = folder.resolve("burstlet.log");
            throw new AssertionError(
                    ended.out()
                            + ended.err()
                            + (Files.exists(log) ? Files.readString(log) : "no log of Burstlet"));
        }
        return ended;
    }
}
