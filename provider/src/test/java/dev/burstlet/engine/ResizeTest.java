package dev.burstlet.engine;

import static dev.burstlet.engine.TestPods.bundle;
import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** New resources for pods that run, on a node with four cpus, through the whole engine. */
class ResizeTest {
    private static final Owner OWNER = new Owner("cluster-1", "node-1");

    private final String host = "resize-" + UUID.randomUUID();
    private final MemoryEngine engine = MemoryEngine.of(host);
    private final RecordingListener listener = new RecordingListener();
    private PodEngine pods = open();

    private PodEngine open() {
        return new PodEngine(
                MemoryEngine.of(host), new PodEngineSettings(OWNER), InstantSource.system());
    }

    @BeforeEach
    void listen() {
        pods.listen(listener);
    }

    @AfterEach
    void close() {
        pods.close();
        engine.close();
    }

    @Test
    void waitsForRoomAndIsDoneWhenThereIsSome() {
        Pod large = asking("large", 3000);
        Pod small = asking("small", 1000);
        start(large);
        start(small);

        pods.updatePod(bundle(2, asking("small", 2000)));

        PodReport deferred = await(small, "deferred", r -> pending(r).isPresent());
        assertThat(pending(deferred).orElseThrow().getReason()).isEqualTo("Deferred");
        assertThat(pending(deferred).orElseThrow().getMessage())
                .isEqualTo(
                        "Node didn't have enough resource: cpu, requested: 2000, used: 3000,"
                                + " capacity: 4000");
        assertThat(shares("small")).isEqualTo(1024);

        pods.deletePod(PodKey.of(large), new Deletion(0, ""));

        PodReport done =
                await(
                        small,
                        "resized",
                        r -> r.revision() == 2 && pending(r).isEmpty() && given(r).equals("2"));
        assertThat(done.stage()).isEqualTo(Stage.ACTIVE);
        assertThat(done.status().getContainerStatuses().getFirst().getRestartCount()).isZero();
        assertThat(shares("small")).isEqualTo(2048);
        assertThat(listener.reasons())
                .containsSubsequence("ResizeDeferred", "ResizeStarted", "ResizeCompleted");
    }

    @Test
    void aContainerRestartedWhileAResizeWaitsHasWhatItWasGivenBefore() {
        Pod large = asking("large", 3000);
        Pod small = asking("small", 1000);
        start(large);
        start(small);
        pods.updatePod(bundle(2, asking("small", 2000)));
        await(small, "deferred", r -> pending(r).isPresent());

        killAll(small);

        PodReport again = await(small, "restarted", r -> restarts(r) == 1 && ready(r));
        assertThat(shares("small")).isEqualTo(1024);
        assertThat(given(again)).isEqualTo("1");
        assertThat(pending(again).orElseThrow().getReason()).isEqualTo("Deferred");

        pods.deletePod(PodKey.of(large), new Deletion(0, ""));

        PodReport done =
                await(
                        small,
                        "resized",
                        r -> r.revision() == 2 && pending(r).isEmpty() && given(r).equals("2"));
        assertThat(shares("small")).isEqualTo(2048);
        assertThat(restarts(done)).isOne();
    }

    @Test
    void aContainerRestartedWithAnInfeasibleResizeHasWhatItWasGivenBefore() {
        Pod small = asking("small", 1000);
        start(small);
        pods.updatePod(bundle(2, asking("small", 5000)));
        await(small, "infeasible", r -> pending(r).isPresent());

        killAll(small);

        PodReport again = await(small, "restarted", r -> restarts(r) == 1 && ready(r));
        assertThat(shares("small")).isEqualTo(1024);
        assertThat(given(again)).isEqualTo("1");
        assertThat(pending(again).orElseThrow().getReason()).isEqualTo("Infeasible");
    }

    @Test
    void aResizeThatWasBegunGoesOnWhileALaterOneWaits() {
        Pod large = asking("large", 2500);
        start(large);
        start(restarting(1000));
        Pod small = restarting(1400);
        pods.updatePod(bundle(2, small));
        PodReport begun = await(small, "begun", r -> r.revision() == 2);
        assertThat(allocated(begun)).isEqualTo("1.4");

        pods.updatePod(bundle(3, restarting(2000)));

        PodReport done =
                await(
                        small,
                        "restarted",
                        r -> r.revision() == 3 && restarts(r) == 1 && given(r).equals("1.4"));
        assertThat(shares("small")).isEqualTo(1433);
        assertThat(pending(done).orElseThrow().getReason()).isEqualTo("Deferred");
        assertThat(allocated(done)).isEqualTo("1.4");

        pods.deletePod(PodKey.of(large), new Deletion(0, ""));

        await(small, "again", r -> restarts(r) == 2 && given(r).equals("2") && ready(r));
        assertThat(shares("small")).isEqualTo(2048);
    }

    @Test
    void whatAResizeWaitsForIsToldAnew() {
        Pod large = asking("large", 2500);
        Pod other = asking("other", 500);
        Pod small = asking("small", 1000);
        start(large);
        start(other);
        start(small);
        pods.updatePod(bundle(2, asking("small", 2000)));
        await(small, "deferred", r -> why(r).contains("used: 3000"));

        pods.deletePod(PodKey.of(other), new Deletion(0, ""));

        await(small, "deferred still", r -> why(r).contains("used: 2500"));
    }

    private static String why(PodReport report) {
        return pending(report).map(PodCondition::getMessage).orElse("");
    }

    private static Pod restarting(int millis) {
        return new PodBuilder(asking("small", millis))
                .editSpec()
                .editFirstContainer()
                .addNewResizePolicy("cpu", "RestartContainer")
                .endContainer()
                .endSpec()
                .build();
    }

    /** In place, with a restart, and by a container that is made while it waits. */
    @Test
    void whatThePodMayHaveGoesWithItsContainers() {
        Pod small = asking("small", 1000);
        start(small);
        assertThat(together(small)).isEqualTo(1024);

        pods.updatePod(bundle(2, asking("small", 500)));
        await(small, "resized", r -> r.revision() == 2 && given(r).equals("0.5"));
        assertThat(together(small)).isEqualTo(512);

        pods.updatePod(bundle(3, restarting(2000)));
        await(small, "restarted", r -> r.revision() == 3 && restarts(r) == 1 && ready(r));
        assertThat(together(small)).isEqualTo(2048);
    }

    private long together(Pod pod) {
        String sandbox =
                engine.listPodSandboxes(new Filter(OWNER, pod.getMetadata().getUid()))
                        .getFirst()
                        .id();
        return engine.sandboxResources(sandbox).orElseThrow().cpuShares();
    }

    @Test
    void aMemoryLimitBelowWhatIsInUseIsRefused() {
        Pod small = limited("64Mi");
        start(small);

        pods.updatePod(bundle(2, limited("1Mi")));

        PodReport refused =
                await(small, "refused", r -> pending(r).isPresent() && !why(r).isEmpty());
        assertThat(pending(refused).orElseThrow().getType()).isEqualTo("PodResizeInProgress");
        assertThat(pending(refused).orElseThrow().getReason()).isEqualTo("Error");
        assertThat(why(refused))
                .contains(
                        "attempting to set container \"c\" memory limit (1048576) below current usage (");
        assertThat(memory("small")).isEqualTo(64L << 20);

        pods.updatePod(bundle(3, limited("32Mi")));

        await(small, "resized", r -> r.revision() == 3 && pending(r).isEmpty());
        assertThat(memory("small")).isEqualTo(32L << 20);
    }

    /** Files that were read count as used, up to the limit. */
    @Test
    void aContainerThatUsesAllItMayGetsAnotherRequest() {
        Pod full = limited("4Mi");
        start(full);
        assertThat(engine.stats(OWNER).containers().getFirst().usage().memoryUsageBytes())
                .isEqualTo(4L << 20);
        Pod less =
                new PodBuilder(full)
                        .editSpec()
                        .editFirstContainer()
                        .editResources()
                        .addToRequests("memory", new Quantity("2Mi"))
                        .endResources()
                        .endContainer()
                        .endSpec()
                        .build();

        pods.updatePod(bundle(2, less));

        await(
                less,
                "resized",
                r -> r.revision() == 2 && pending(r).isEmpty() && asked(r).equals("2Mi"));
        assertThat(listener.reasons()).doesNotContain("ResizeError");
    }

    private static String asked(PodReport report) {
        return String.valueOf(
                report.status()
                        .getContainerStatuses()
                        .getFirst()
                        .getResources()
                        .getRequests()
                        .get("memory"));
    }

    private long memory(String pod) {
        return engine.listContainers(new Filter(OWNER, "uid-" + pod))
                .getFirst()
                .resources()
                .memoryBytes();
    }

    private static Pod limited(String memory) {
        return new PodBuilder(asking("small", 100))
                .editSpec()
                .editFirstContainer()
                .editResources()
                .addToRequests("memory", new Quantity(memory))
                .addToLimits("memory", new Quantity(memory))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }

    @Test
    void whatTheNodeCanNeverGiveIsInfeasible() {
        Pod small = asking("small", 1000);
        start(small);

        pods.updatePod(bundle(2, asking("small", 5000)));

        PodReport report = await(small, "pending", r -> pending(r).isPresent());
        assertThat(pending(report).orElseThrow().getReason()).isEqualTo("Infeasible");
        assertThat(listener.reasons()).contains("ResizeInfeasible");
    }

    @Test
    void whatWasAskedForMeanwhileIsNoticedAtAdoption() {
        Pod small = asking("small", 1000);
        PodStatus told = start(small).status();
        pods.close();
        pods = open();
        RecordingListener second = new RecordingListener();
        pods.listen(second);

        Pod changed = asking("small", 2000);
        changed.setStatus(told);
        pods.createPod(bundle(7, changed));

        second.await(
                PodKey.of(small),
                "resized",
                r ->
                        r.revision() == 7
                                && given(r).equals("2")
                                && r.status().getContainerStatuses().getFirst().getRestartCount()
                                        == 0);
        assertThat(shares("small")).isEqualTo(2048);
    }

    private void killAll(Pod pod) {
        engine.listContainers(new Filter(OWNER, pod.getMetadata().getUid()))
                .forEach(container -> engine.stopContainer(container.id(), Duration.ZERO));
    }

    private static int restarts(PodReport report) {
        return report.status().getContainerStatuses().getFirst().getRestartCount();
    }

    private static boolean ready(PodReport report) {
        return report.status().getContainerStatuses().getFirst().getReady();
    }

    private PodReport start(Pod pod) {
        pods.createPod(bundle(pod));
        return await(
                pod,
                "running",
                r ->
                        "Running".equals(r.status().getPhase())
                                && r.status().getContainerStatuses().getFirst().getReady());
    }

    private PodReport await(Pod pod, String what, Predicate<PodReport> is) {
        return listener.await(PodKey.of(pod), what, is);
    }

    private static Optional<PodCondition> pending(PodReport report) {
        return report.status().getConditions().stream()
                .filter(c -> c.getType().startsWith("PodResize"))
                .findFirst();
    }

    private static String given(PodReport report) {
        return cpu(report.status().getContainerStatuses().getFirst().getResources().getRequests());
    }

    private static String allocated(PodReport report) {
        return cpu(report.status().getContainerStatuses().getFirst().getAllocatedResources());
    }

    private static String cpu(Map<String, Quantity> resources) {
        return Optional.ofNullable(resources.get("cpu"))
                .map(Quantity::getNumericalAmount)
                .map(amount -> amount.stripTrailingZeros().toPlainString())
                .orElse("");
    }

    private long shares(String pod) {
        return engine.listContainers(new Filter(OWNER, "uid-" + pod)).stream()
                .filter(ContainerStatus::running)
                .findFirst()
                .orElseThrow()
                .resources()
                .cpuShares();
    }

    private static Pod asking(String name, int millis) {
        Pod pod = pod(name, "Always", container("c", "sleep 1000"));
        return new PodBuilder(pod)
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .addToRequests("cpu", new Quantity(millis + "m"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }
}
