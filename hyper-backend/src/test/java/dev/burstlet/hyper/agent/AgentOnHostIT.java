package dev.burstlet.hyper.agent;

import static dev.burstlet.engine.TestPods.bundle;
import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Owner;
import dev.burstlet.container.TestIo;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.RecordingListener;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.engine.pressure.EvictionRules;
import dev.burstlet.hyper.TestRuntime;
import dev.burstlet.hyper.remote.RemotePods;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.api.ThrowingConsumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What befalls a host: its agent in a process of its own, behind a network that can fail, before a
 * real containerd on a small disk. Every start of a container writes a line to a volume, so that
 * what was run twice shows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentOnHostIT {
    /** Longer than it takes to notice; {@code -Dburstlet.cut-off=PT2M} for two minutes. */
    private static final Duration CUT_OFF =
            Duration.parse(System.getProperty("burstlet.cut-off", "PT30S"));

    private static final String RUNS = "echo run >>/data/runs; ";
    private static final int DISK_MIB = 96;

    private final Owner owner = new Owner("faults-" + UUID.randomUUID(), "node-1");
    private final List<AutoCloseable> open = new ArrayList<>();
    private final RecordingListener listener = new RecordingListener();
    private Path folder;
    private Path disk;
    private TestRuntime runtime;
    private ContainerEngine engine;
    private CutNetwork network;
    private AgentProcess agent;
    private RemotePods pods;

    @BeforeAll
    void start() throws Exception {
        folder = Files.createTempDirectory("agent-on-host");
        disk = Files.createDirectories(folder.resolve("disk"));
        mount("mount", "-t", "tmpfs", "-o", "size=" + DISK_MIB + "m", "burstlet", disk.toString());
        open.add(() -> mount("umount", "-l", disk.toString()));
        int net = ThreadLocalRandom.current().nextInt(2, 250);
        runtime =
                kept(
                        TestRuntime.start(
                                disk.resolve("containerd"),
                                List.of(
                                        "--subnet",
                                        "10.157." + net + ".0/24",
                                        "--bridge",
                                        "blhost" + net)));
        engine = kept(runtime.engine("runc", folder));
        int port = freePort();
        network = kept(new CutNetwork(port));
        TestCertificates certificates = new TestCertificates(folder);
        agent =
                kept(
                        new AgentProcess(
                                folder,
                                port,
                                certificates.agent("host", network.address()),
                                List.of(
                                        "--cri",
                                        runtime.endpoint(),
                                        "--runtime-handler",
                                        "runc",
                                        "--root",
                                        folder.resolve("root").toString())));
        agent.start();
        pods =
                kept(
                        new RemotePods(
                                new AgentEndpoint(
                                        network.address(),
                                        port,
                                        certificates.node("node-1"),
                                        null,
                                        Duration.ofSeconds(30)),
                                new PodEngineSettings(owner).withEviction(noEviction()),
                                "test",
                                InstantSource.system()));
        pods.listen(listener);
        reachable(true);
    }

    /** A disk that is full is to be seen as such, not what a kubelet evicts by then. */
    private static EvictionRules noEviction() {
        Map<String, String> never = new HashMap<>();
        EvictionRules.KUBELET.thresholds().forEach(one -> never.put(one.signal().key(), "0%"));
        return EvictionRules.of(never, Duration.ZERO);
    }

    @AfterAll
    void end() throws Exception {
        if (agent != null) {
            agent.kill();
        }
        if (engine != null) {
            // What is just being started cannot be removed yet.
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .until(this::removeAll);
        }
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private boolean removeAll() {
        engine.listPodSandboxes(Filter.all(owner))
                .forEach(sandbox -> engine.removePodSandbox(sandbox.id()));
        engine.listVolumes(owner).forEach(pod -> engine.removeVolumes(owner, pod));
        return engine.listPodSandboxes(Filter.all(owner)).isEmpty();
    }

    @Test
    void restartsAndProbesGoOnWhileItIsCutOff() throws Exception {
        Pod flaps = withRuns("flaps", RUNS + "sleep 4; exit 1");
        Pod probed = withRuns("probed", RUNS + "touch /tmp/ok; sleep 5; rm /tmp/ok; sleep 100000");
        probed.getSpec()
                .getContainers()
                .getFirst()
                .setLivenessProbe(
                        new ProbeBuilder()
                                .withNewExec()
                                .withCommand("test", "-e", "/tmp/ok")
                                .endExec()
                                .withInitialDelaySeconds(1)
                                .withPeriodSeconds(1)
                                .withFailureThreshold(1)
                                .build());
        Pod goes = withRuns("goes", RUNS + "sleep 100000");
        List.of(flaps, probed, goes).forEach(one -> pods.createPod(bundle(one)));
        awaitRunning(goes);
        await(flaps, "seen", report -> assertThat(report.status().getPodIP()).isNotEmpty());
        await(probed, "seen", report -> assertThat(report.status().getPodIP()).isNotEmpty());
        int before = restarts(last(flaps));

        network.cut();
        long cut = System.nanoTime();
        reachable(false);
        Pod comes = withRuns("comes", RUNS + "sleep 100000");
        pods.createPod(bundle(comes));
        pods.deletePod(PodKey.of(goes), new Deletion(0, ""));
        Awaitility.await()
                .atMost(CUT_OFF.plusMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> System.nanoTime() - cut > CUT_OFF.toNanos());
        assertThat(attempts(flaps)).isGreaterThan(before);
        assertThat(attempts(probed)).isPositive();
        assertThat(engine.listContainers(new Filter(owner, "uid-comes"))).isEmpty();
        network.mend();

        reachable(true);
        await(goes, "removed", report -> assertThat(report.stage()).isEqualTo(Stage.REMOVED));
        awaitRunning(comes);
        for (Pod one : List.of(flaps, probed)) {
            eventually(() -> {
                int told = restarts(last(one));
                assertThat(told).isPositive();
                assertThat(runs(one)).isEqualTo(told + 1);
                assertThat(attempts(one)).isEqualTo(told);
            });
        }
        assertThat(runs(comes)).isEqualTo(1);
        gone(flaps, probed, comes);
    }

    @Test
    void killedWhileItStartsPodsItRunsEachOnce() throws Exception {
        List<Pod> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add(withRuns("starting-" + i, RUNS + "sleep 100000"));
        }
        many.forEach(one -> pods.createPod(bundle(one)));
        eventually(() -> assertThat(engine.listPodSandboxes(Filter.all(owner))).isNotEmpty());

        agent.kill();
        reachable(false);
        agent.start();

        reachable(true);
        for (Pod one : many) {
            // What was told before it was killed is no proof: what there is now is looked at.
            eventually(() -> {
                assertThat(isRunning(last(one))).isTrue();
                assertThat(running(one)).isEqualTo(2);
                // What containerd was starting when its caller vanished it ended itself, before or
                // after it had written its line: each end is a restart.
                assertThat(runs(one))
                        .as("%s", containers(one))
                        .isBetween(1, 1 + restarts(last(one)));
            });
        }
        gone(many.toArray(Pod[]::new));
    }

    @Test
    void aRuntimeThatIsKilledTakesNothingWithIt() throws Exception {
        Pod kept = withRuns("kept", RUNS + "sleep 100000");
        pods.createPod(bundle(kept));
        PodReport before = awaitRunning(kept);

        runtime.killAndStart();
        Pod later = withRuns("later", RUNS + "sleep 100000");
        pods.createPod(bundle(later));

        awaitRunning(later);
        await(
                kept,
                "the same",
                report ->
                        assertThat(report.status().getContainerStatuses())
                                .isEqualTo(before.status().getContainerStatuses()));
        assertThat(runs(kept)).isEqualTo(1);
        assertThat(runs(later)).isEqualTo(1);
        gone(kept, later);
    }

    @Test
    void aFullDiskKeepsNewPodsWaitingAndNothingElse() throws Exception {
        Pod kept = withRuns("before", RUNS + "sleep 100000");
        pods.createPod(bundle(kept));
        PodReport before = awaitRunning(kept);

        Path filler = fill();
        Pod waits = withRuns("waits", RUNS + "sleep 100000");
        try {
            pods.createPod(bundle(waits));
            eventually(() ->
                    assertThat(listener.events())
                            .anyMatch(event ->
                                    event.key().equals(PodKey.of(waits))
                                            && event.message()
                                                    .contains("no space left on device")));
        } finally {
            Files.delete(filler);
        }

        awaitRunning(waits);
        assertThat(runs(waits)).isEqualTo(1);
        assertThat(runs(kept)).isEqualTo(1);
        assertThat(last(kept).status().getContainerStatuses())
                .isEqualTo(before.status().getContainerStatuses());
        gone(kept, waits);
    }

    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        byte[] block = new byte[1 << 16];
        try (var out = Files.newOutputStream(filler, StandardOpenOption.CREATE)) {
            for (int i = 0; i < DISK_MIB * 16; i++) {
                out.write(block);
            }
        } catch (IOException e) {
            return filler;
        }
        throw new IllegalStateException("the disk does not fill");
    }

    /** Beside it a container by which the volume is read. */
    private static Pod withRuns(String name, String script) {
        Container main = onData("main", script);
        Container reader = onData("reader", "sleep 100000");
        return new PodBuilder(pod(name, "Always", main, reader))
                .editSpec()
                .addNewVolume()
                .withName("data")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .build();
    }

    private static Container onData(String name, String script) {
        Container made = container(name, script);
        made.setImage(TestRuntime.IMAGE);
        VolumeMount mount = new VolumeMount();
        mount.setName("data");
        mount.setMountPath("/data");
        made.setVolumeMounts(List.of(mount));
        return made;
    }

    private int runs(Pod pod) throws IOException, InterruptedException {
        TestIo io = TestIo.silent();
        List<String> command = List.of("cat", "/data/runs");
        try {
            assertThat(pods.streams().exec(PodKey.of(pod), "reader", command, io)).isZero();
        } catch (BackendException e) {
            throw new AssertionError("it cannot be read what was run", e);
        }
        return (int) io.out().lines().count();
    }

    private List<ContainerStatus> containers(Pod pod) {
        return engine.listContainers(new Filter(owner, pod.getMetadata().getUid()));
    }

    /** The highest attempt of its main container that the runtime has. */
    private int attempts(Pod pod) {
        return containers(pod).stream()
                .filter(one -> one.name().equals("main"))
                .mapToInt(ContainerStatus::attempt)
                .max()
                .orElse(0);
    }

    private long running(Pod pod) {
        return containers(pod).stream()
                .filter(one -> one.state() instanceof ContainerStatus.State.Running)
                .count();
    }

    private static int restarts(PodReport report) {
        return main(report).getRestartCount();
    }

    private static io.fabric8.kubernetes.api.model.ContainerStatus main(PodReport report) {
        return report.status().getContainerStatuses().stream()
                .filter(one -> one.getName().equals("main"))
                .findFirst()
                .orElseThrow();
    }

    private PodReport last(Pod pod) {
        return listener.reports(PodKey.of(pod)).getLast();
    }

    private PodReport awaitRunning(Pod pod) {
        return await(pod, "running", report -> assertThat(isRunning(report)).isTrue());
    }

    private static boolean isRunning(PodReport report) {
        List<io.fabric8.kubernetes.api.model.ContainerStatus> all =
                report.status().getContainerStatuses();
        return all.size() == 2 && all.stream().allMatch(one -> one.getState().getRunning() != null);
    }

    /** The last that is told of a pod, once it is so. */
    private PodReport await(Pod pod, String what, ThrowingConsumer<PodReport> is) {
        PodKey key = PodKey.of(pod);
        Awaitility.await(what)
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> {
                    assertThat(listener.reports(key)).isNotEmpty();
                    is.accept(last(pod));
                });
        return last(pod);
    }

    private void reachable(boolean wanted) {
        Awaitility.await("reachable: " + wanted)
                .atMost(Duration.ofMinutes(2))
                .until(() -> pods.describeHost().health().reachable() == wanted);
    }

    private void gone(Pod... all) {
        for (Pod pod : all) {
            pods.deletePod(PodKey.of(pod), new Deletion(0, ""));
        }
        for (Pod pod : all) {
            await(pod, "gone", report -> assertThat(report.stage()).isEqualTo(Stage.REMOVED));
            assertThat(containers(pod)).isEmpty();
        }
    }

    private static void eventually(ThrowingRunnable holds) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(holds);
    }

    private <T extends AutoCloseable> T kept(T one) {
        open.add(one);
        return one;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void mount(String... line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(List.of(line) + ": " + said);
        }
    }
}
