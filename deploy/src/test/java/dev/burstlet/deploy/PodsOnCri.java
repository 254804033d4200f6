package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.testing.ControlPlaneExtension;
import dev.burstlet.testing.NeedsServer;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What pods on a CRI runtime do, however Burstlet reaches it. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PodsOnCri {
    private static final String SERVES =
            """
            trap 'exit 0' TERM
            echo "it says $(cat /config/word) and $(cat /secret/word)"
            mkdir -p /tmp/www && cp /config/word /tmp/www/
            httpd -p 127.0.0.1:8081 -h /tmp/www
            httpd -p 8080 -h /tmp/www
            sleep 1000 & wait
            """;

    private static final int READERS = 8;
    private static final String SWAPS =
            """
            cd /v; mkdir -p sub; touch sub/mine; ln -s /etc evil
            while :; do mv -T sub good; mv -T evil sub; mv -T sub evil; mv -T good sub; done
            """;

    private static final String VOLUMES =
            """
              volumes:
                - name: config
                  configMap: {name: words}
                - name: secret
                  secret: {secretName: words}
                - name: shared
                  emptyDir: {}
            """;

    private static final String CONTAINER =
            """
                  volumeMounts:
                    - {name: config, mountPath: /config}
                    - {name: secret, mountPath: /secret}
                    - {name: shared, mountPath: /shared}
                  readinessProbe:
                    httpGet: {port: 8080, path: /word}
                    periodSeconds: 1
                  livenessProbe:
                    exec: {command: [test, -d, /tmp/www]}
                    periodSeconds: 1
                    initialDelaySeconds: 5
                  resources:
                    requests: {cpu: 20m, memory: 16Mi}
                    limits: {memory: 64Mi}
            """;

    private final World world = World.get();
    private final Containerd containerd = Containerd.get();
    private Scene scene;

    /** Starts what plays the node; its name. */
    abstract String start(World world, Containerd containerd);

    /** Kills what plays the node and starts it again. */
    abstract void killAndStart();

    abstract void end();

    @BeforeAll
    void open() {
        scene = new Scene(world, start(world, containerd), world.docker());
        scene.create(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: words}\ndata: {word: plain}\n");
        scene.create(
                "apiVersion: v1\nkind: Secret\nmetadata: {name: words}\nstringData: {word: hidden}\n");
        scene.create(Scene.shellPod("serves", SERVES, VOLUMES) + CONTAINER);
        scene.awaitReady("serves");
    }

    @AfterAll
    void close() {
        if (scene != null) {
            scene.pods().forEach(pod -> scene.client().resource(pod).delete());
            eventually(() -> assertThat(scene.pods()).isEmpty());
            scene.close();
        }
        end();
    }

    @Test
    void logsExecAndCopyWork() throws IOException {
        assertThat(scene.kubectl("logs", "serves").output())
                .isEqualTo("it says plain and hidden\n");
        Command ended = scene.kubectl("exec", "serves", "--", "sh", "-c", "echo out; exit 5");
        assertThat(ended.out()).isEqualTo("out\n");
        assertThat(ended.code()).isEqualTo(5);
        Path here = Files.createTempDirectory("copied");
        byte[] bytes = new byte[300_000];
        new Random(3).nextBytes(bytes);
        Files.write(here.resolve("in"), bytes);
        scene.kubectl("cp", here.resolve("in").toString(), "serves:/tmp/in").output();
        scene.kubectl("cp", "serves:/tmp/in", here.resolve("out").toString()).output();
        assertThat(here.resolve("out")).hasBinaryContent(bytes);
    }

    @Test
    void portsAreForwardedToLoopbackAsWell() {
        assertForwarded(scene, "serves", 8080);
        assertForwarded(scene, "serves", 8081);
    }

    /** Begun again where it ends: kubectl gives up when the kubelet is just being restarted. */
    static void assertForwarded(Scene scene, String pod, int target) {
        eventually(() -> {
            int port = BurstletProcess.freePort();
            Process forward = forward(scene, pod, port + ":" + target);
            try {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(40))
                        .failFast("kubectl ended", () -> !forward.isAlive())
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> get(port).endsWith("plain"));
            } catch (ConditionTimeoutException | TerminalFailureException e) {
                throw new AssertionError("nothing came through", e);
            } finally {
                forward.destroy();
                assertThat(forward.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        });
    }

    private static Process forward(Scene scene, String pod, String ports) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("kubectl", "-n", scene.namespace(), "port-forward", pod, ports);
        builder.environment().put("KUBECONFIG", World.get().controlPlane().kubeconfig().toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void aRestartOfBurstletRestartsNothing() {
        Pod before = scene.awaitReady("serves");
        killAndStart();
        Pod after = scene.awaitReady("serves");
        assertThat(after.getStatus().getContainerStatuses())
                .isEqualTo(before.getStatus().getContainerStatuses());
        assertThat(containerd.containers(before.getMetadata().getUid())).hasSize(2);
    }

    @Test
    void aKilledContainerIsRestartedAndADeletedPodLeavesNothing() {
        scene.shell("dies", "echo life; sleep 1000");
        Pod pod = scene.awaitReady("dies");
        String id = pod.getStatus().getContainerStatuses().getFirst().getContainerID();
        containerd.kill(id.replaceFirst("^containerd://", ""));
        Pod again =
                scene.awaitPod(
                        "dies",
                        seen -> {
                            ContainerStatus main =
                                    seen.getStatus().getContainerStatuses().getFirst();
                            assertThat(main.getRestartCount()).isEqualTo(1);
                            assertThat(main.getReady()).isTrue();
                        });
        ContainerStatus main = again.getStatus().getContainerStatuses().getFirst();
        assertThat(main.getLastState().getTerminated().getExitCode()).isEqualTo(137);
        scene.client().resource(again).delete();
        scene.awaitGone("dies");
        assertThat(containerd.containers(pod.getMetadata().getUid())).isEmpty();
    }

    @Test
    void aPodThatEndsSucceeds() {
        scene.create(Scene.shellPod("ends", "echo done", "  restartPolicy: Never"));
        scene.awaitPhase("ends", "Succeeded");
        assertThat(scene.kubectl("logs", "ends").output()).isEqualTo("done\n");
    }

    /**
     * A container that turns a directory into a link to the host's and back, while others start.
     */
    @Test
    void aLinkThatComesAndGoesDuringStartsNeverLeadsOut() {
        StringBuilder readers = new StringBuilder();
        for (int i = 0; i < READERS; i++) {
            readers.append(
                    """
                        - name: reader-%d
                          image: $IMAGE
                          command: [sh, -c, ls /m; sleep 1000]
                          volumeMounts: [{name: v, mountPath: /m, subPath: sub}]
                    """
                            .formatted(i));
        }
        scene.create(
                Scene.shellPod("swaps", SWAPS, "  volumes: [{name: v, emptyDir: {}}]")
                        + "      volumeMounts: [{name: v, mountPath: /v}]\n"
                        + readers);
        eventually(() ->
                assertThat(scene.pod("swaps").getStatus().getContainerStatuses())
                        .filteredOn(status -> status.getState().getRunning() != null)
                        .hasSizeGreaterThan(READERS / 2));
        for (ContainerStatus status : scene.pod("swaps").getStatus().getContainerStatuses()) {
            if (status.getState().getRunning() != null) {
                assertThat(scene.kubectl("logs", "swaps", "-c", status.getName()).output())
                        .doesNotContain("passwd");
            }
        }
    }

    /** What one gives back is another's only once both have changed, in a cgroup of the pod. */
    @Test
    @NeedsServer("1.33")
    void containersOfAPodGrowAndShrinkAtOnce() {
        PodParts.create(
                scene,
                "sizes",
                "containers: [%s, %s, %s]"
                        .formatted(sized("one", 60), sized("two", 60), sized("three", 20)));
        Pod before = scene.awaitReady("sizes");
        assertThat(limits(before)).containsExactly(140, 60, 60, 20);

        resize("sizes", 20, 120, 30);
        eventually(() -> assertThat(limits(before)).containsExactly(170, 20, 120, 30));
        resize("sizes", 30, 20, 20);
        eventually(() -> assertThat(limits(before)).containsExactly(70, 30, 20, 20));

        Pod after =
                scene.awaitPod(
                        "sizes",
                        pod ->
                                assertThat(Conditions.of(pod))
                                        .doesNotContainKeys(
                                                "PodResizePending", "PodResizeInProgress"));
        assertThat(after.getStatus().getContainerStatuses())
                .extracting(ContainerStatus::getRestartCount)
                .containsOnly(0);
    }

    private static String sized(String name, int mebibytes) {
        return "{name: %s, image: $IMAGE, command: [sleep, '1000'], resources: {limits: {cpu: 100m, memory: %dMi}}}"
                .formatted(name, mebibytes);
    }

    private void resize(String pod, int one, int two, int three) {
        String form =
                "{\"name\":\"%s\",\"resources\":{\"limits\":{\"memory\":\"%dMi\"},\"requests\":{\"memory\":\"%2$dMi\"}}}";
        String patch =
                "{\"spec\":{\"containers\":[%s,%s,%s]}}"
                        .formatted(
                                form.formatted("one", one),
                                form.formatted("two", two),
                                form.formatted("three", three));
        scene.kubectl("patch", "pod", pod, "--subresource=resize", "-p", patch).output();
    }

    /** Of the pod's cgroup, then of its containers, in MiB. */
    private List<Integer> limits(Pod pod) {
        return Stream.concat(
                        Stream.of(Cgroups.memoryLimitOfPod(pod.getMetadata().getUid())),
                        Stream.of("one", "two", "three")
                                .map(name ->
                                        scene.kubectl(
                                                        "exec",
                                                        "sizes",
                                                        "-c",
                                                        name,
                                                        "--",
                                                        "sh",
                                                        "-c",
                                                        Cgroups.OWN_MEMORY_LIMIT)
                                                .output()))
                .map(bytes -> (int) (Long.parseLong(bytes.strip()) >> 20))
                .toList();
    }

    @Test
    void aRuntimeClassChoosesTheKernel() {
        runtimeClass("it-gvisor", "runsc");
        scene.create(Scene.shellPod("isolated", "sleep 1000", "  runtimeClassName: it-gvisor"));
        scene.awaitReady("isolated");
        String host = Command.run(java.util.Map.of(), "uname", "-r").output();
        assertThat(scene.kubectl("exec", "isolated", "--", "uname", "-r").output())
                .isNotEqualTo(host);
        assertThat(scene.kubectl("exec", "serves", "--", "uname", "-r").output()).isEqualTo(host);
    }

    @Test
    void aHandlerThatIsNotThereIsSaid() {
        runtimeClass("it-none", "none-such");
        scene.create(Scene.shellPod("nowhere", "sleep 1000", "  runtimeClassName: it-none"));
        eventually(() ->
                assertThat(scene.events("nowhere", "FailedCreatePodSandBox"))
                        .anyMatch(message ->
                                message.contains("no runtime for \"none-such\" is configured")));
    }

    private void runtimeClass(String name, String handler) {
        world.client()
                .resource(
                        new RuntimeClassBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .endMetadata()
                                .withHandler(handler)
                                .build())
                .serverSideApply();
    }

    private static String get(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /word HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The lines of a node's own file that name its runtime. */
    static String cri(Containerd containerd, Path root) {
        return "cri: {endpoint: '%s', runtimeHandler: runc, root: '%s'}"
                .formatted(containerd.endpoint(), root);
    }

    static List<String> cri(Containerd containerd) {
        return List.of("--cri", containerd.endpoint(), "--runtime-handler", "runc");
    }
}
