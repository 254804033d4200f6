package dev.burstlet.engine;

import static dev.burstlet.engine.TestPods.bundle;
import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.Filter;
import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.engine.plan.BackOffRules;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of the contract does; run here on the engine itself. */
public class PodEngineTest {
    protected static final Owner OWNER = new Owner("cluster-1", "node-1");
    protected static final BackOffRules QUICK =
            new BackOffRules(
                    Duration.ofMillis(100),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(20),
                    Duration.ofMillis(200),
                    Duration.ofMillis(100));

    private final String host = "pod-engine-" + UUID.randomUUID();
    private final MemoryEngine engine = MemoryEngine.of(host);
    private final RecordingListener listener = new RecordingListener();
    private @Nullable PodLifecycle opened;

    /** Pods of {@link #OWNER} on the memory engine of this name, with quick back-off. */
    protected PodLifecycle open(String host) {
        return new PodEngine(
                MemoryEngine.of(host),
                new PodEngineSettings(OWNER).withRules(QUICK),
                InstantSource.system());
    }

    private PodLifecycle pods() {
        return Objects.requireNonNull(opened);
    }

    @BeforeEach
    void listen() {
        opened = open(host);
        pods().listen(listener);
    }

    @AfterEach
    void close() {
        pods().close();
        engine.close();
    }

    @Test
    void runsAPodAndTellsItsStatus() {
        Pod pod = pod("web", "Always", container("main", "sleep 1000"));

        PodReport report = running(pod);

        assertThat(report.status().getPodIP()).startsWith("10.");
        assertThat(report.status().getHostIP()).isEqualTo("192.0.2.10");
        assertThat(report.status().getQosClass()).isEqualTo("BestEffort");
        assertThat(report.status().getStartTime()).isNotNull();
        ContainerStatus main = report.status().getContainerStatuses().getFirst();
        assertThat(main.getReady()).isTrue();
        assertThat(main.getStarted()).isTrue();
        assertThat(main.getRestartCount()).isZero();
        assertThat(main.getContainerID()).startsWith("memory://");
        assertThat(condition(report, "Ready")).isEqualTo("True");
        listener.awaitEvent("Started");
        assertThat(listener.reasons()).contains("Pulled", "Created", "Started");
    }

    @Test
    void endsAndRemovesADeletedPod() {
        Pod pod = pod("gone", "Always", container("main", "sleep 1000"));
        running(pod);

        pods().deletePod(PodKey.of(pod), new Deletion(-1, ""));

        PodReport finished = await(pod, "finished", r -> r.stage() == Stage.FINISHED);
        assertThat(finished.status().getPhase()).isEqualTo("Failed");
        assertThat(
                        finished.status()
                                .getContainerStatuses()
                                .getFirst()
                                .getState()
                                .getTerminated()
                                .getExitCode())
                .isNotZero();
        await(pod, "removed", r -> r.stage() == Stage.REMOVED);
        assertThat(engine.listPodSandboxes(Filter.all(OWNER))).isEmpty();
        assertThat(engine.listContainers(Filter.all(OWNER))).isEmpty();
        assertThat(engine.listVolumes(OWNER)).isEmpty();
        assertThat(pods().getPods()).isEmpty();
    }

    @Test
    void keepsWhatHasEndedUntilTheDeletionThatDoesNotAskForIt() {
        Pod pod = pod("kept", "Always", container("main", "sleep 1000"));
        running(pod);

        pods().deletePod(PodKey.of(pod), new Deletion(-1, "", true));

        await(pod, "finished", r -> r.stage() == Stage.FINISHED);
        assertThat(engine.listContainers(Filter.all(OWNER))).hasSize(1);
        pods().deletePod(PodKey.of(pod), new Deletion(-1, ""));
        await(pod, "removed", r -> r.stage() == Stage.REMOVED);
        assertThat(engine.listContainers(Filter.all(OWNER))).isEmpty();
    }

    @Test
    void aPodThatTheHostDoesNotHoldIsReportedRemoved() {
        PodKey key = new PodKey("default", "never", "uid-never");
        pods().deletePod(key, new Deletion(0, ""));

        listener.await(key, "removed", r -> r.stage() == Stage.REMOVED);
    }

    @Test
    void aJobsPodSucceedsAndKeepsItsLog() throws Exception {
        Pod pod = pod("job", "Never", container("main", "echo done; exit 0"));
        pods().createPod(bundle(pod));

        PodReport report = await(pod, "succeeded", r -> phase(r).equals("Succeeded"));

        assertThat(report.stage()).isEqualTo(Stage.FINISHED);
        assertThat(
                        report.status()
                                .getContainerStatuses()
                                .getFirst()
                                .getState()
                                .getTerminated()
                                .getReason())
                .isEqualTo("Completed");
        var out = new java.io.ByteArrayOutputStream();
        pods().streams().logs(PodKey.of(pod), "main", dev.burstlet.pod.LogRequest.ALL, out);
        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8)).isEqualTo("done\n");
    }

    @Test
    void aFailingContainerIsRestartedWithBackOff() {
        Pod pod = pod("crash", "Always", container("main", "exit 3"));
        pods().createPod(bundle(pod));

        PodReport report =
                await(
                        pod,
                        "the back-off",
                        r -> main(r).getRestartCount() >= 2 && waiting(r, "CrashLoopBackOff"));

        assertThat(main(report).getLastState().getTerminated().getExitCode()).isEqualTo(3);
        assertThat(main(report).getState().getWaiting().getMessage())
                .contains("restarting failed container=main pod=crash_default(uid-crash)");
        assertThat(phase(report)).isEqualTo("Running");
        listener.awaitEvent("BackOff");
        await(pod, "one more", r -> main(r).getRestartCount() >= 3);
        assertThat(engine.listContainers(new Filter(OWNER, "uid-crash")))
                .hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void initContainersRunInOrderBeforeTheOthers() {
        Pod pod =
                new PodBuilder(pod("init", "Always", container("main", "sleep 1000")))
                        .editSpec()
                        .withInitContainers(
                                container("first", "exit 0"), container("second", "exit 0"))
                        .endSpec()
                        .build();
        PodReport report = running(pod);

        assertThat(report.status().getInitContainerStatuses())
                .extracting(ContainerStatus::getName)
                .containsExactly("first", "second");
        assertThat(report.status().getInitContainerStatuses()).allMatch(ContainerStatus::getReady);
        assertThat(condition(report, "Initialized")).isEqualTo("True");
        listener.awaitEvent("Started", "spec.containers{main}");
        assertThat(
                        listener.events().stream()
                                .filter(e -> e.reason().equals("Started"))
                                .map(e -> e.fieldPath() + ": " + e.message()))
                .containsExactly(
                        "spec.initContainers{first}: Container started",
                        "spec.initContainers{second}: Container started",
                        "spec.containers{main}: Container started");
    }

    @Test
    void aRestartOfOursAdoptsWhatRuns() {
        Pod pod = pod("adopted", "Always", container("main", "sleep 1000"));
        PodReport before = running(pod);
        pods().close();

        RecordingListener second = new RecordingListener();
        opened = open(host);
        pods().listen(second);
        Pod known = new PodBuilder(pod).withStatus(before.status()).build();
        pods().createPod(bundle(2, known));

        PodReport after =
                second.await(PodKey.of(pod), "running", r -> r.revision() == 2 && isRunning(r));
        assertThat(main(after).getContainerID()).isEqualTo(main(before).getContainerID());
        assertThat(main(after).getRestartCount()).isZero();
        assertThat(after.status()).isEqualTo(before.status());
    }

    @Test
    void anOrphanIsHeldUntilItIsDeleted() {
        Pod pod = pod("orphan", "Always", container("main", "sleep 1000"));
        running(pod);
        pods().close();

        RecordingListener second = new RecordingListener();
        opened = open(host);
        pods().listen(second);
        second.await(PodKey.of(pod), "held", r -> r.revision() == 0 && isRunning(r));
        assertThat(pods().getPods()).hasSize(1);
        assertThat(pods().getReports())
                .isEqualTo(pods().getPods().stream().map(HostedPod::report).toList());
        pods().deletePod(PodKey.of(pod), new Deletion(-1, ""));

        second.await(PodKey.of(pod), "removed", r -> r.stage() == Stage.REMOVED);
        assertThat(engine.listContainers(Filter.all(OWNER))).isEmpty();
    }

    @Test
    void anOrphanEndsWithThePreStopHookThatItsLabelsTell() {
        Container hooked = container("main", "sleep 1000");
        hooked.setLifecycle(
                new LifecycleBuilder()
                        .withNewPreStop()
                        .withNewExec()
                        .withCommand("sh", "-c", "echo bye; false")
                        .endExec()
                        .endPreStop()
                        .build());
        Pod pod = pod("orphan", "Always", hooked);
        running(pod);
        pods().close();

        RecordingListener second = new RecordingListener();
        opened = open(host);
        pods().listen(second);
        second.await(PodKey.of(pod), "held", r -> r.revision() == 0 && isRunning(r));
        pods().deletePod(PodKey.of(pod), new Deletion(-1, ""));

        assertThat(second.awaitEvent("FailedPreStopHook").message()).contains("bye");
        second.await(PodKey.of(pod), "removed", r -> r.stage() == Stage.REMOVED);
    }

    @Test
    void aChangedImageRestartsThatContainerAlone() {
        Pod pod =
                pod(
                        "changed",
                        "Always",
                        container("a", "sleep 1000"),
                        container("b", "sleep 1000"));
        PodReport before = running(pod);
        Pod changed =
                new PodBuilder(pod)
                        .editMetadata()
                        .withGeneration(2L)
                        .endMetadata()
                        .editSpec()
                        .editContainer(0)
                        .withImage("busybox:1.37")
                        .endContainer()
                        .endSpec()
                        .build();
        pods().updatePod(bundle(2, changed));

        PodReport after =
                await(
                        pod,
                        "the restart",
                        r -> isRunning(r) && main(r).getRestartCount() == 1 && main(r).getReady());
        assertThat(after.status().getContainerStatuses().get(1).getContainerID())
                .isEqualTo(before.status().getContainerStatuses().get(1).getContainerID());
        assertThat(listener.awaitEvent("Killing").message())
                .isEqualTo("Container a definition changed, will be restarted");
        assertThat(after.status().getObservedGeneration()).isEqualTo(2);
    }

    @Test
    void aLostSandboxIsMadeAgain() {
        Pod pod = pod("lost", "Always", container("main", "sleep 1000"));
        PodReport before = running(pod);
        String sandbox = engine.listPodSandboxes(Filter.all(OWNER)).getFirst().id();
        engine.stopPodSandbox(sandbox);

        await(pod, "restarted", r -> isRunning(r) && main(r).getRestartCount() == 1);
        listener.awaitEvent("SandboxChanged");
        assertThat(before.status().getPodIP()).isNotNull();
    }

    @Test
    void theTerminationMessageIsTold() {
        Pod pod =
                pod(
                        "words",
                        "Never",
                        container("main", "echo -n why > /dev/termination-log; exit 7"));
        pods().createPod(bundle(pod));

        PodReport report = await(pod, "failed", r -> phase(r).equals("Failed"));
        assertThat(main(report).getState().getTerminated().getMessage()).isEqualTo("why");
        assertThat(main(report).getState().getTerminated().getExitCode()).isEqualTo(7);
    }

    @Test
    void ofALongTerminationMessageTheEndIsTold() {
        String words = "echo -n " + "x".repeat(5000) + "end > /dev/termination-log; exit 1";
        Pod pod = pod("wordy", "Never", container("main", words));
        pods().createPod(bundle(pod));

        PodReport report = await(pod, "failed", r -> phase(r).equals("Failed"));
        assertThat(main(report).getState().getTerminated().getMessage())
                .hasSize(4096)
                .endsWith("xend");
    }

    @Test
    void aSidecarThatHasEndedIsNotReady() {
        Container sidecar = container("helper", "sleep 1000");
        sidecar.setRestartPolicy("Always");
        Pod pod =
                new PodBuilder(pod("helped", "Never", container("main", "exit 0")))
                        .editSpec()
                        .withInitContainers(sidecar)
                        .endSpec()
                        .build();
        pods().createPod(bundle(pod));

        PodReport report = await(pod, "succeeded", r -> phase(r).equals("Succeeded"));
        assertThat(report.status().getInitContainerStatuses().getFirst().getReady()).isFalse();
    }

    @Test
    void aProbeWhoseCommandCannotStartTellsNothing() {
        Container main = container("main", "sleep 1000");
        main.setLivenessProbe(
                new ProbeBuilder()
                        .withNewExec()
                        .withCommand("/no/such")
                        .endExec()
                        .withPeriodSeconds(1)
                        .withFailureThreshold(1)
                        .build());
        Pod pod = pod("probed", "Always", main);
        running(pod);

        assertThat(listener.awaitEvent("Unhealthy").message())
                .startsWith("Liveness probe errored and resulted in unknown state: ");
        assertThat(listener.reasons()).doesNotContain("Killing");
    }

    private PodReport running(Pod pod) {
        pods().createPod(bundle(pod));
        return await(pod, "running", PodEngineTest::isRunning);
    }

    private PodReport await(Pod pod, String what, java.util.function.Predicate<PodReport> is) {
        return listener.await(PodKey.of(pod), what, is);
    }

    private static boolean isRunning(PodReport report) {
        List<ContainerStatus> statuses = report.status().getContainerStatuses();
        return phase(report).equals("Running")
                && statuses.stream()
                        .allMatch(s -> s.getState() != null && s.getState().getRunning() != null);
    }

    private static String phase(PodReport report) {
        return String.valueOf(report.status().getPhase());
    }

    private static ContainerStatus main(PodReport report) {
        return report.status().getContainerStatuses().getFirst();
    }

    private static boolean waiting(PodReport report, String reason) {
        return main(report).getState().getWaiting() != null
                && main(report).getState().getWaiting().getReason().equals(reason);
    }

    private static String condition(PodReport report, String type) {
        return report.status().getConditions().stream()
                .filter(c -> c.getType().equals(type))
                .findFirst()
                .orElseThrow()
                .getStatus();
    }

    static PodBundle next(PodBundle bundle) {
        return PodBundle.of(bundle.revision() + 1, bundle.pod(), bundle.node());
    }
}
