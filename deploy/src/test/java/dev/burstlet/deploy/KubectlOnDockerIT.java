package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What kubectl asks of the kubelet's port, through the API server. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class KubectlOnDockerIT {
    private static final String TALKS =
            """
            trap 'exit 0' TERM
            for i in 1 2 3 4 5 6 7 8 9 10; do echo "line $i"; done
            echo oops >&2
            while ! [ -e /tmp/go ]; do sleep 0.2; done
            echo late
            sleep 1000 & wait
            """;

    private Scene scene;

    @BeforeAll
    void pod() {
        scene = World.get().scene();
        scene.shell("talks", TALKS);
        scene.shell("again", "echo life; test -e /dev/termination-log && sleep 1; exit 3");
        scene.awaitReady("talks");
        eventually(() -> assertThat(logs()).contains("oops"));
    }

    @AfterAll
    void end() {
        scene.close();
    }

    @Test
    void logsAreWhole() {
        assertThat(logs().lines())
                .containsSubsequence("line 1", "line 2", "line 10")
                .contains("oops");
    }

    @Test
    void logsEndWithTheTail() {
        assertThat(logs("--tail=3").lines()).hasSize(3);
        assertThat(logs("--tail=0")).isEmpty();
    }

    @Test
    void logsAreCutAtTheLimit() {
        assertThat(logs("--limit-bytes=10")).hasSize(10).isEqualTo(logs().substring(0, 10));
    }

    @Test
    void logsCarryTimesWhenAsked() {
        assertThat(logs("--timestamps", "--tail=1"))
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+(Z|[+-]\\d\\d:\\d\\d)"
                                + " .+\n");
    }

    @Test
    void logsSinceATimeLeaveOutWhatCameBefore() {
        assertThat(logs("--since-time=2040-01-01T00:00:00Z")).isEmpty();
        assertThat(logs("--since=1h")).contains("line 1\n");
    }

    @Test
    void logsOfTheContainerBeforeAreKept() {
        scene.awaitPod(
                "again",
                pod ->
                        assertThat(
                                        pod.getStatus()
                                                .getContainerStatuses()
                                                .getFirst()
                                                .getRestartCount())
                                .isPositive());
        assertThat(scene.kubectl("logs", "again", "--previous").output()).isEqualTo("life\n");
        Command none = scene.kubectl("logs", "talks", "--previous");
        assertThat(none.code()).isNotZero();
        assertThat(none.err())
                .contains("previous terminated container \"main\" in pod \"talks\" not found");
    }

    @Test
    void logsOfAContainerThatIsNotThereAreRefused() {
        Command refused = scene.kubectl("logs", "talks", "-c", "nobody");
        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).contains("container nobody is not valid for pod talks");
    }

    @Test
    void followedLogsArriveAsTheyAreWritten() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "kubectl", "-n", scene.namespace(), "logs", "-f", "talks", "--tail=1");
        builder.environment().put("KUBECONFIG", World.get().controlPlane().kubeconfig().toString());
        Process follow = builder.redirectErrorStream(true).start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(follow.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> seen = new ArrayList<>(List.of(lines.readLine()));
            scene.kubectl("exec", "talks", "--", "touch", "/tmp/go").output();
            seen.add(lines.readLine());
            assertThat(seen).last().isEqualTo("late");
        } finally {
            follow.destroy();
        }
    }

    /** As a kubelet's: who wants to see the next container too asks again. */
    @Test
    void aFollowedLogEndsWithItsContainerAndTheNextOneIsFollowedAnew() throws Exception {
        PodParts.create(
                scene,
                "lives",
                """
                containers:
                  - name: main
                    image: $IMAGE
                    command:
                      - sh
                      - -c
                      - |
                        n=$(($(cat /data/n 2>/dev/null || echo 0) + 1)); echo $n > /data/n
                        echo begin $n; until [ -e /data/end$n ]; do sleep 0.1; done; echo end $n
                    volumeMounts: [{name: data, mountPath: /data}]
                volumes: [{name: data, emptyDir: {}}]
                """);
        scene.awaitReady("lives");
        assertThat(followed(1)).isEqualTo("begin 1\nend 1\n");
        eventually(
                () -> assertThat(scene.kubectl("logs", "lives").output()).isEqualTo("begin 2\n"));
        assertThat(scene.kubectl("logs", "lives", "--previous").output())
                .isEqualTo("begin 1\nend 1\n");
        assertThat(followed(2)).isEqualTo("begin 2\nend 2\n");
    }

    /** All that a follower of the nth container gets, until it ends by itself. */
    private String followed(int n) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("kubectl", "-n", scene.namespace(), "logs", "-f", "lives");
        builder.environment().put("KUBECONFIG", World.get().controlPlane().kubeconfig().toString());
        Process follow = builder.redirectErrorStream(true).start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(follow.getInputStream(), StandardCharsets.UTF_8))) {
            String first = lines.readLine() + "\n";
            scene.kubectl("exec", "lives", "--", "touch", "/data/end" + n).output();
            String rest = lines.lines().map(line -> line + "\n").reduce("", String::concat);
            assertThat(follow.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(follow.exitValue()).isZero();
            return first + rest;
        } finally {
            follow.destroy();
        }
    }

    @Test
    void execTellsOutputErrorsAndExitCode() {
        Command ended =
                scene.kubectl("exec", "talks", "--", "sh", "-c", "echo out; echo err >&2; exit 5");
        assertThat(ended.out()).isEqualTo("out\n");
        assertThat(ended.err()).contains("err\n").contains("exit code 5");
        assertThat(ended.code()).isEqualTo(5);
        assertThat(scene.kubectl("exec", "talks", "--", "hostname").output()).isEqualTo("talks\n");
    }

    @Test
    void execOfWhatIsNotThereSaysSo() {
        Command missing = scene.kubectl("exec", "talks", "--", "/no/such");
        assertThat(missing.code()).isNotZero();
        assertThat(missing.err()).contains("/no/such");
    }

    @Test
    void copyingInAndOutKeepsTheBytes() throws IOException {
        Path here = Files.createTempDirectory("copied");
        byte[] bytes = new byte[300_000];
        new Random(3).nextBytes(bytes);
        Files.write(here.resolve("in"), bytes);
        scene.kubectl("cp", here.resolve("in").toString(), "talks:/tmp/in").output();
        scene.kubectl("cp", "talks:/tmp/in", here.resolve("out").toString()).output();
        assertThat(here.resolve("out")).hasBinaryContent(bytes);
    }

    private String logs(String... options) {
        String[] line = new String[options.length + 2];
        line[0] = "logs";
        line[1] = "talks";
        System.arraycopy(options, 0, line, 2, options.length);
        return scene.kubectl(line).output();
    }
}
