package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.deploy.FaultyDocker.Fault;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An engine that fails for a while costs time and nothing else: a pod runs in the end, each part of
 * it once, and its events have told why it took longer.
 */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineFaultsIT {
    private static final String NODE = "it-faulty";
    private static final String CREATE = "^POST \\S*/containers/create\\S*name=k8s_main";
    private static final String CREATE_SANDBOX = "^POST \\S*/containers/create\\S*name=k8s_POD";
    private static final String START = "^POST \\S*/containers/\\w+/start";
    private static final int TIMES = 2;

    private World world;
    private FaultyDocker wire;
    private BurstletProcess burstlet;

    @BeforeAll
    void start() {
        world = World.get();
        wire = new FaultyDocker(Docker.get());
        burstlet =
                new BurstletProcess(
                        NODE,
                        "{endpoint: '" + wire.endpoint() + "', insecure: true, timeoutSeconds: 4}",
                        world.controlPlane().kubeconfig(),
                        world.client());
        burstlet.start();
    }

    @AfterAll
    void stop() {
        burstlet.stop();
        wire.close();
        world.client().nodes().withName(NODE).delete();
    }

    static Stream<Fault> faults() {
        return Stream.of(
                Fault.status(CREATE, TIMES, 500, "disk on fire"),
                Fault.status(CREATE, TIMES, 409, "conflict"),
                Fault.status(CREATE, TIMES, 404, "No such container: sandbox"),
                Fault.status(CREATE_SANDBOX, TIMES, 500, "disk on fire"),
                Fault.status(START, TIMES, 500, "cannot start"),
                fault(CREATE, "", Duration.ZERO),
                fault(CREATE, "", Duration.ofSeconds(6)),
                fault(
                        CREATE,
                        "HTTP/1.1 201 OK\r\nContent-Length: 9\r\n\r\n<garbage>",
                        Duration.ZERO),
                fault(CREATE, "no HTTP at all\r\n\r\n", Duration.ZERO));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void thePodRunsInTheEndAndItsEventsSayWhy(Fault fault) {
        wire.fault(fault);
        try (Scene scene = new Scene(world, NODE, world.docker())) {
            scene.shell("patient", "trap 'exit 0' TERM; sleep 1000 & wait");
            Pod pod = scene.awaitReady("patient");
            assertThat(fault.times()).hasValue(0);
            assertThat(scene.containers().values())
                    .filteredOn(Docker.Container::running)
                    .hasSize(1);
            assertThat(world.docker().sandboxes(Docker.ofNamespace(scene.namespace())).values())
                    .filteredOn(Docker.Container::running)
                    .hasSize(1);
            eventually(() ->
                    assertThat(
                                    world.client()
                                            .v1()
                                            .events()
                                            .inNamespace(scene.namespace())
                                            .list()
                                            .getItems())
                            .filteredOn(event -> event.getType().equals("Warning"))
                            .extracting(Event::getReason)
                            .containsAnyOf("Failed", "FailedCreatePodSandBox"));
            assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
            scene.closeAndAwait();
        }
    }

    @Test
    void anEngineThatIsAwayMakesTheNodeNotReadyWithTheReason() {
        wire.fault(fault(".", "", Duration.ZERO, 1_000_000));
        try {
            eventually(() -> {
                assertThat(Conditions.ready(world.client(), NODE)).isFalse();
                assertThat(world.client().nodes().withName(NODE).get().getStatus().getConditions())
                        .filteredOn(condition -> condition.getType().equals("Ready"))
                        .allSatisfy(condition -> {
                            assertThat(condition.getStatus()).isEqualTo("False");
                            assertThat(condition.getMessage()).contains(NODE);
                        });
            });
        } finally {
            wire.fault(Fault.none());
        }
        eventually(() -> assertThat(Conditions.ready(world.client(), NODE)).isTrue());
    }

    private static Fault fault(String request, String answer, Duration delay) {
        return fault(request, answer, delay, TIMES);
    }

    private static Fault fault(String request, String answer, Duration delay, int times) {
        return new Fault(Pattern.compile(request), new AtomicInteger(times), answer, delay);
    }
}
