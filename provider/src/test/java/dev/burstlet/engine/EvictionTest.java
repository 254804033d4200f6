package dev.burstlet.engine;

import static dev.burstlet.engine.TestPods.bundle;
import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.Filter;
import dev.burstlet.container.HostFigures;
import dev.burstlet.container.HostFigures.Amount;
import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.container.memory.MemoryHost;
import dev.burstlet.engine.pressure.EvictionRules;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host that is short of something, through the whole engine. */
class EvictionTest {
    private static final long MIB = 1 << 20;
    private static final Owner OWNER = new Owner("cluster-1", "node-1");

    private final String host = "eviction-" + UUID.randomUUID();
    private final MemoryEngine engine = MemoryEngine.of(host);
    private final RecordingListener listener = new RecordingListener();
    private final PodEngine pods =
            new PodEngine(
                    MemoryEngine.of(host),
                    new PodEngineSettings(OWNER)
                            .withHostEvery(Duration.ofMillis(50))
                            .withEviction(EvictionRules.of(Map.of(), Duration.ofMillis(300))),
                    InstantSource.system());

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
    void podThatUsesMoreThanItAskedForGoesFirstAndOnlyThat() {
        Pod critical = withPriority(pod("critical", "Always", container("c", "sleep 1000")));
        Pod modest = requesting(pod("modest", "Always", container("c", "sleep 1000")));
        Pod greedy = pod("greedy", "Always", container("c", "sleep 1000"));
        start(critical);
        start(modest);
        start(greedy);

        available(50);

        PodReport evicted =
                listener.await(PodKey.of(greedy), "evicted", r -> r.stage() == Stage.FINISHED);
        available(500);
        assertThat(evicted.status().getPhase()).isEqualTo("Failed");
        assertThat(evicted.status().getReason()).isEqualTo("Evicted");
        assertThat(evicted.status().getMessage())
                .startsWith(
                        "The node was low on resource: memory. Threshold quantity: 100Mi,"
                                + " available: 50Mi. Container c was using 4Mi, request is 0,")
                .endsWith("has larger consumption of memory. ");
        PodCondition disruption =
                evicted.status().getConditions().stream()
                        .filter(c -> c.getType().equals("DisruptionTarget"))
                        .findFirst()
                        .orElseThrow();
        assertThat(disruption.getStatus()).isEqualTo("True");
        assertThat(disruption.getReason()).isEqualTo("TerminationByKubelet");
        assertThat(listener.reasons()).contains("Evicted");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> pods.describeHost().pressures().memory().isEmpty());
        assertThat(stage(critical)).isEqualTo(Stage.ACTIVE);
        awaitNothingLeftOf(greedy);
        assertThat(pods.getPod(PodKey.of(greedy)).orElseThrow().report().status())
                .isEqualTo(evicted.status());
    }

    @Test
    void whatEndedPodsLeftGoesWhenDiskIsShort() {
        Pod done = pod("done", "Never", container("c", "exit 3"));
        pods.createPod(bundle(done));
        PodReport ended =
                listener.await(PodKey.of(done), "ended", r -> r.stage() == Stage.FINISHED);
        assertThat(engine.listContainers(new Filter(OWNER, done.getMetadata().getUid())))
                .hasSize(1);

        disk(1);
        awaitNothingLeftOf(done);
        disk(100);

        assertThat(pods.getPod(PodKey.of(done)).orElseThrow().report().status())
                .isEqualTo(ended.status());
        assertThat(ended.status().getContainerStatuses().getFirst().getState().getTerminated())
                .satisfies(state -> assertThat(state.getExitCode()).isEqualTo(3));
    }

    @Test
    void shortageOfDiskIsToldThoughNothingCanBeDone() {
        disk(9);

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !pods.describeHost().pressures().disk().isEmpty());
        assertThat(pods.describeHost().pressures().memory()).isEmpty();
    }

    private void awaitNothingLeftOf(Pod pod) {
        PodKey key = PodKey.of(pod);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    assertThat(engine.listContainers(new Filter(OWNER, key.uid()))).isEmpty();
                    assertThat(engine.listPodSandboxes(new Filter(OWNER, key.uid()))).isEmpty();
                    assertThat(engine.listVolumes(OWNER)).doesNotContain(key);
                });
    }

    private void disk(long percent) {
        MemoryHost.named(host)
                .figures(new HostFigures(null, new Amount(percent, 100), null, null, null, null));
    }

    private Stage stage(Pod pod) {
        return pods.getPod(PodKey.of(pod)).orElseThrow().report().stage();
    }

    private void start(Pod pod) {
        pods.createPod(bundle(pod));
        listener.await(PodKey.of(pod), "running", r -> "Running".equals(r.status().getPhase()));
    }

    private void available(long mib) {
        MemoryHost.named(host)
                .figures(
                        new HostFigures(
                                new Amount(mib * MIB, 1000 * MIB), null, null, null, null, null));
    }

    private static Pod withPriority(Pod pod) {
        return new PodBuilder(pod).editSpec().withPriority(2_000_000_000).endSpec().build();
    }

    private static Pod requesting(Pod pod) {
        return new PodBuilder(pod)
                .editSpec()
                .editFirstContainer()
                .withNewResources()
                .addToRequests("memory", new Quantity("64Mi"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }
}
