package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Pods in virtual machines by Kata Containers: a representative set, on the runtime that {@code
 * BURSTLET_CRI_SOCKET} names. The machines may be emulated, so that everything takes its time.
 */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KataIT {
    private static final String PAUSE = "pause:local";
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String SERVES =
            """
            echo "it says $(cat /config/word) and $(cat /secret/word)"
            mkdir -p /tmp/www && cp /config/word /tmp/www/
            httpd -p 127.0.0.1:8081 -h /tmp/www
            httpd -p 8080 -h /tmp/www
            sleep 100000
            """;

    private static final String VOLUMES =
            """
              volumes:
                - {name: config, configMap: {name: words}}
                - {name: secret, secret: {secretName: words}}
                - {name: shared, emptyDir: {}}
            """;

    private static final String CONTAINER =
            """
                  volumeMounts:
                    - {name: config, mountPath: /config}
                    - {name: secret, mountPath: /secret, readOnly: true}
                    - {name: shared, mountPath: /shared}
                  readinessProbe:
                    httpGet: {port: 8080, path: /word}
                    periodSeconds: 2
                    timeoutSeconds: 5
                  livenessProbe:
                    exec: {command: [test, -d, /tmp/www]}
                    initialDelaySeconds: 10
                    periodSeconds: 5
                    timeoutSeconds: 10
                  resources:
                    limits: {memory: 128Mi}
            """;

    private @Nullable Scene scene;
    private @Nullable BurstletProcess burstlet;
    private @Nullable Containerd containerd;

    @BeforeAll
    void open() throws IOException {
        String socket = System.getenv("BURSTLET_CRI_SOCKET");
        assumeTrue(
                socket != null && !socket.isEmpty(),
                "Kata runs only where BURSTLET_CRI_SOCKET names a runtime that has it");
        World world = World.get();
        Containerd given = Containerd.given(String.valueOf(socket));
        makePause(world.docker());
        given.load(world.docker(), Docker.IMAGE, PAUSE);
        BurstletProcess started =
                new BurstletProcess(
                        world.controlPlane().kubeconfig(),
                        world.client(),
                        "it-kata",
                        "cri: {endpoint: '%s', runtimeHandler: kata, root: '%s'}"
                                .formatted(given.endpoint(), Files.createTempDirectory("it-kata")));
        containerd = given;
        burstlet = started;
        started.start();
        Scene there = new Scene(world, started.node(), world.docker());
        scene = there;
        there.create(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: words}\ndata: {word: plain}\n");
        there.create(
                "apiVersion: v1\nkind: Secret\nmetadata: {name: words}\nstringData: {word: hidden}\n");
        there.create(Scene.shellPod("vm", SERVES, VOLUMES) + CONTAINER);
        awaitReady(0);
    }

    /** The sandbox image that such a runtime is told to use, where no registry is reached. */
    private static void makePause(Docker docker) throws IOException {
        Path encoded = Repository.root().resolve("deploy/containerd/pause.amd64");
        Path folder = Files.createTempDirectory("pause");
        Path program = folder.resolve("pause");
        Files.write(program, Base64.getMimeDecoder().decode(Files.readAllBytes(encoded)));
        assertThat(program.toFile().setExecutable(true, false)).isTrue();
        docker.importProgram(PAUSE, folder, "pause");
    }

    @AfterAll
    void close() {
        if (scene != null) {
            Scene there = scene();
            there.pods().forEach(pod -> there.client().resource(pod).delete());
            eventually(() -> assertThat(there.pods()).isEmpty());
            there.close();
        }
        if (burstlet != null) {
            burstlet.stop();
        }
    }

    @Test
    @Order(1)
    void logsExecCopyAndVolumesWork() throws IOException {
        assertThat(scene().kubectl("logs", "vm").output()).isEqualTo("it says plain and hidden\n");
        Command ended = exec("echo out; exit 5");
        assertThat(ended.out()).isEqualTo("out\n");
        assertThat(ended.code()).isEqualTo(5);
        Path here = Files.createTempDirectory("copied");
        byte[] bytes = new byte[300_000];
        new Random(3).nextBytes(bytes);
        Files.write(here.resolve("in"), bytes);
        scene().kubectl("cp", here.resolve("in").toString(), "vm:/shared/in").output();
        scene().kubectl("cp", "vm:/shared/in", here.resolve("out").toString()).output();
        assertThat(here.resolve("out")).hasBinaryContent(bytes);
    }

    @Test
    @Order(2)
    void aPodIsAloneInItsMachine() {
        String host = Command.run(Map.of(), "uname", "-r").output();
        assertThat(exec("uname -r").output()).isNotEqualTo(host);
        assertThat(exec("ps").output()).contains("sleep 100000").doesNotContain("containerd");
        assertThat(exec("echo 1 >/proc/sys/kernel/panic").code()).isNotZero();
        assertThat(exec("ls /dev").output().lines())
                .contains("null")
                .noneMatch(name -> name.matches("[vs]d[a-z]\\d*|kvm|mem"));
    }

    /** What only the machine's loopback has included, with nothing of the image's. */
    @Test
    @Order(3)
    void portsAreForwarded() {
        PodsOnCri.assertForwarded(scene(), "vm", 8080);
        PodsOnCri.assertForwarded(scene(), "vm", 8081);
        assertThat(container(pod()).getRestartCount()).isZero();
    }

    /** As a configMap's and a secret's volumes are on any node. */
    @Test
    @Order(4)
    void aChangedConfigMapIsSeenInTheMachine() {
        scene().client()
                .configMaps()
                .inNamespace(scene().namespace())
                .withName("words")
                .edit(words -> {
                    words.getData().put("word", "changed");
                    return words;
                });
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> assertThat(exec("cat /config/word").output()).isEqualTo("changed"));
    }

    @Test
    @Order(5)
    void aKilledMachineShowsAndIsRecoveredFrom() throws IOException {
        Pod before = awaitReady(0);
        List<String> ids = containerd().containers(before.getMetadata().getUid());
        List<ProcessHandle> machines =
                ProcessHandle.allProcesses().filter(process -> isMachineOf(process, ids)).toList();
        assertThat(machines).isNotEmpty();
        machines.forEach(ProcessHandle::destroyForcibly);
        scene().awaitPod(
                        "vm",
                        pod ->
                                assertThat(container(pod).getReady())
                                        .as("ready though its machine is dead")
                                        .isFalse());
        Pod after = awaitReady(1);
        assertThat(container(after).getLastState().getTerminated()).isNotNull();
        assertThat(after.getStatus().getPodIP()).isNotEmpty();
    }

    private static boolean isMachineOf(ProcessHandle process, List<String> ids) {
        try {
            String line =
                    Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "cmdline"),
                            StandardCharsets.ISO_8859_1);
            return line.contains("qemu-system") && ids.stream().anyMatch(line::contains);
        } catch (IOException e) {
            return false;
        }
    }

    private Pod awaitReady(int restarts) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    ContainerStatus main = container(pod());
                    assertThat(main.getReady()).isTrue();
                    assertThat(main.getRestartCount()).isGreaterThanOrEqualTo(restarts);
                });
        return pod();
    }

    private Pod pod() {
        return scene().pods().getFirst();
    }

    private static ContainerStatus container(Pod pod) {
        List<ContainerStatus> all = pod.getStatus().getContainerStatuses();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private Command exec(String script) {
        return scene().kubectl("exec", "vm", "--", "sh", "-c", script);
    }

    private Scene scene() {
        return java.util.Objects.requireNonNull(scene);
    }

    private Containerd containerd() {
        return java.util.Objects.requireNonNull(containerd);
    }
}
