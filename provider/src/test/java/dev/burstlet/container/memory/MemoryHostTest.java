package dev.burstlet.container.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.EngineEvent;
import dev.burstlet.container.EngineFactory;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.container.Filter;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.container.TestPod;
import dev.burstlet.container.Workbench;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only the engine in memory can: outlive its clients, fail on demand, stand for any image. */
final class MemoryHostTest {
    private static final String HOST = "memory-host-test";
    private static final Owner OWNER = new Owner("cluster", "node");

    private final MemoryEngine engine = MemoryEngine.of(HOST);
    private final Workbench bench = Workbench.of(engine, "busybox", OWNER);

    @AfterEach
    void forget() {
        engine.close();
        MemoryHost.forget(HOST);
    }

    private static EngineSettings settings(Map<String, String> options) {
        return new EngineSettings(HOST, "", null, false, Duration.ofSeconds(1), 4, options);
    }

    @Test
    void factoryIsFoundByItsKind() {
        assertThat(ServiceLoader.load(EngineFactory.class))
                .extracting(EngineFactory::kind)
                .contains("memory");
    }

    @Test
    void nextClientFindsWhatRuns() {
        String id = bench.pod().run().idle("c");
        State before = bench.status(id).state();
        engine.close();

        try (ContainerEngine next = MemoryEngine.of(HOST)) {
            assertThat(next.listContainers(Filter.all(OWNER)))
                    .extracting(ContainerStatus::id, ContainerStatus::state)
                    .containsExactly(org.assertj.core.api.Assertions.tuple(id, before));
        }
        assertThatThrownBy(engine::info)
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }

    @Test
    void callsFailAsOftenAsTheyAreToldTo() {
        engine.host().faults().fail(Faults.Call.LIST_IMAGES, 2, Reason.TIMEOUT, "no answer");

        assertThat(bench.reasonOf(engine::listImages)).isEqualTo(Reason.TIMEOUT);
        assertThat(bench.reasonOf(engine::listImages)).isEqualTo(Reason.TIMEOUT);
        assertThat(engine.listImages()).isEmpty();
    }

    @Test
    void disconnectedHostFailsAndLosesEvents() {
        List<EngineEvent> events = new CopyOnWriteArrayList<>();
        engine.events(events::add);
        String id = bench.pod().run().container("c").command("sleep", "0.2").start();
        await().until(() -> events.size() > 1);

        engine.host().faults().disconnect("cable pulled");

        assertThat(bench.reasonOf(engine::info)).isEqualTo(Reason.UNAVAILABLE);
        await().until(() -> events.contains(new EngineEvent.Disconnected("cable pulled")));
        events.clear();
        await().until(() -> engine.host().container(id).ended());
        engine.host().faults().reconnect();
        await().until(() -> !events.isEmpty());
        assertThat(events).containsExactly(new EngineEvent.Connected());
    }

    @Test
    void rebootEndsEverything() {
        TestPod pod = bench.pod().volume("ram", files()).run();
        pod.publish("ram", true);
        String id = pod.idle("c");

        engine.host().faults().reboot();

        assertThat(bench.exit(id).exitCode()).isEqualTo(137);
        assertThat(engine.listPodSandboxes(Filter.all(OWNER)))
                .extracting(SandboxStatus::ready)
                .containsExactly(false);
    }

    private static dev.burstlet.container.VolumeSpec.Source files() {
        return new dev.burstlet.container.VolumeSpec.Source.Files();
    }

    @Test
    void slowCallTimesOut() {
        try (ContainerEngine slow =
                new MemoryFactory().open(settings(Map.of("latency-ms", "2000")))) {
            assertThat(bench.reasonOf(slow::info)).isEqualTo(Reason.TIMEOUT);
        }
    }

    @Test
    void optionsAreCheckedByName() {
        assertThatThrownBy(() -> new MemoryFactory().open(settings(Map.of("colour", "blue"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("colour");
        assertThatThrownBy(() -> new MemoryFactory().open(settings(Map.of("cpus", "many"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cpus");
        assertThatThrownBy(() -> new MemoryFactory().open(settings(Map.of("subnet", "10.0.0.0"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("subnet");
    }

    @Test
    void optionsSayWhatTheHostHas() {
        Map<String, String> options =
                Map.of("cpus", "1500m", "memory", "2Gi", "images", "nginx,busybox:1");
        try (ContainerEngine open = new MemoryFactory().open(settings(options))) {
            assertThat(open.info().cpuMillis()).isEqualTo(1500);
            assertThat(open.info().memoryBytes()).isEqualTo(2L << 30);
            assertThat(open.imageStatus("docker.io/library/nginx:latest")).isPresent();
            assertThat(open.imageStatus("busybox:1")).isPresent();
            assertThat(open.imageStatus("busybox")).isEmpty();
        }
    }

    @Test
    void addressesComeFromTheNetwork() {
        engine.ensureNetwork(new NetworkSpec(OWNER, "10.9.8.0/29", null));

        List<String> ips =
                List.of(bench.pod().run(), bench.pod().run(), bench.pod().run()).stream()
                        .map(pod -> pod.status().ips().getFirst())
                        .toList();

        assertThat(ips).doesNotHaveDuplicates().allMatch(ip -> ip.startsWith("10.9.8."));
        assertThat(engine.info().podCidr()).isEqualTo("10.9.8.0/29");
    }

    @Test
    void imageWithoutAKnownCommandServesAndEndsInPeace() throws Exception {
        Workbench web = Workbench.of(engine, "nginx", OWNER);
        TestPod pod = web.pod().run();
        String id = pod.container("c").start();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();

        engine.portForward(
                pod.sandboxId(),
                80,
                new ByteArrayInputStream("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)),
                answer);
        engine.stopContainer(id, Duration.ofSeconds(20));

        assertThat(answer.toString(StandardCharsets.UTF_8)).startsWith("HTTP/1.1 200 OK");
        assertThat(web.exit(id).exitCode()).isZero();
    }

    @Test
    void waitingFirstProcessDoesNotObeyButIsKilled() {
        String id = bench.pod().run().idle("c");

        engine.stopContainer(id, Duration.ofMillis(200));

        assertThat(bench.exit(id).exitCode()).isEqualTo(137);
    }

    @Test
    void hostPortBelongsToOnePod() {
        TestPod one = bench.pod().hostPort(8080).run();

        assertThat(bench.reasonOf(() -> bench.pod().hostPort(8080).run()))
                .isEqualTo(Reason.CONFLICT);
        engine.removePodSandbox(one.sandboxId());
        bench.pod().hostPort(8080).run();
    }

    @Test
    void nothingIsLeftOfARemovedPod() {
        // All hosts of a process share the timer, so that other tests may have theirs in it.
        List<Runnable> before = List.copyOf(engine.host().timer().getQueue());
        TestPod pod = bench.pod().scratch("data").run();
        pod.idle("c");
        engine.removePodSandbox(pod.sandboxId());
        engine.removeVolumes(OWNER, pod.key());

        assertThat(engine.host().records(Filter.all(OWNER))).isEmpty();
        assertThat(engine.host().containers()).isEmpty();
        // The timers of what was killed are dropped when its interpreter has noticed.
        await().until(() -> engine.host().timer().getQueue().size() <= before.size());
    }
}
