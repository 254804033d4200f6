package dev.burstlet.engine.plan;

import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.plan.PlanCase.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.Resources;
import dev.burstlet.engine.TestPods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PodPlanTest {
    private static final Container A = container("a", "sleep 1");
    private static final Container B = container("b", "sleep 1");
    private static final Container I = container("i", "exit 0");
    private static final Container SIDECAR =
            new ContainerBuilder(container("s", "sleep 1")).withRestartPolicy("Always").build();

    private record Row(String name, PlanCase given, List<String> steps) {}

    private static Row row(String name, PlanCase given, String... steps) {
        return new Row(name, given, List.of(steps));
    }

    private static PlanCase pod(String policy, Container... containers) {
        return PlanCase.of(TestPods.pod("p", policy, containers));
    }

    private static PlanCase withInit(String policy, Container init, Container... containers) {
        return pod(policy, containers).spec(s -> s.withInitContainers(init));
    }

    private static PlanCase deleted(PlanCase given, long seconds) {
        return given.memory(
                m -> m.ending(new Ending(NOW.plusSeconds(seconds), seconds == 0, "", true, null)));
    }

    private static Stream<Row> starting() {
        return Stream.of(
                row("a new pod gets a sandbox", pod("Always", A), "sandbox 0"),
                row(
                        "a sandbox gets its contents before containers",
                        pod("Always", A).sandbox(0, true),
                        "publish"),
                row("then containers start", pod("Always", A).sandbox(0), "start a 0"),
                row(
                        "one after another, images meanwhile",
                        pod("Always", A, B).sandbox(0),
                        "start a 0",
                        "image/b"),
                row(
                        "the second follows the first",
                        pod("Always", A, B).sandbox(0).running("a"),
                        "start b 0"),
                row(
                        "a half-made one is finished",
                        pod("Always", A).sandbox(0).created("a"),
                        "start a 0"),
                row("all runs, nothing to do", pod("Always", A).sandbox(0).running("a")),
                row(
                        "the restart count goes on from the API server's",
                        pod("Always", A)
                                .sandbox(0)
                                .previous(
                                        new PodStatusBuilder()
                                                .addNewContainerStatus()
                                                .withName("a")
                                                .withContainerID("docker://gone")
                                                .withRestartCount(4)
                                                .endContainerStatus()
                                                .build()),
                        "start a 5"));
    }

    private static Stream<Row> restarting() {
        Duration second = Duration.ofSeconds(1);
        return Stream.of(
                row(
                        "the first restart is at once",
                        pod("Always", A).sandbox(0).exited("a", 1),
                        "start a 1"),
                row(
                        "the second waits",
                        pod("Always", A).sandbox(0).exited("a", 1, 1, second),
                        "tell BackOff"),
                row(
                        "until ten seconds have passed",
                        pod("Always", A).sandbox(0).exited("a", 1, 1, Duration.ofSeconds(11)),
                        "start a 2"),
                row(
                        "Always restarts what succeeded",
                        pod("Always", A).sandbox(0).exited("a", 0),
                        "start a 1"),
                row(
                        "OnFailure restarts what failed",
                        pod("OnFailure", A).sandbox(0).exited("a", 2),
                        "start a 1"),
                row(
                        "OnFailure leaves what succeeded, and the pod is over",
                        pod("OnFailure", A).sandbox(0).exited("a", 0),
                        "stop-sandbox/s0"),
                row(
                        "Never leaves what failed",
                        pod("Never", A).sandbox(0).exited("a", 2),
                        "stop-sandbox/s0"),
                row(
                        "an adopted pod that is over gets no contents any more",
                        pod("Never", A).sandbox(0, true).exited("a", 2),
                        "stop-sandbox/s0"),
                row(
                        "an adopted pod that goes on gets its contents brought up to date",
                        pod("Never", A).sandbox(0, true).running("a"),
                        "publish"),
                row(
                        "Never goes on while another runs",
                        pod("Never", A, B).sandbox(0).exited("a", 2).running("b")),
                row(
                        "surplus dead ones are removed",
                        pod("Always", A)
                                .sandbox(0)
                                .exited("a", 0, 1, second)
                                .exited("a", 1, 1, second)
                                .running("a", 2),
                        "remove/a-0"),
                row(
                        "a lost sandbox is made again",
                        pod("Always", A).sandbox(0, false).exited("a", 137),
                        "tell SandboxChanged",
                        "sandbox 1"),
                row(
                        "who was killed with it waits for what it did before, if at all",
                        pod("Always", A)
                                .sandbox(0, false)
                                .exited("a", 1, 1, Duration.ofSeconds(33))
                                .exited("a", 2, 137, second)
                                .sandbox(1),
                        "start a 3"),
                row(
                        "who had failed in it waits all the same",
                        pod("Always", A)
                                .sandbox(0, false)
                                .exited("a", 1, 1, Duration.ofSeconds(33))
                                .exited("a", 2, 1, second)
                                .sandbox(1),
                        "tell BackOff"),
                row(
                        "what still runs in it is ended first",
                        pod("Always", A).sandbox(0, false).running("a"),
                        "stop-sandbox/s0"),
                row(
                        "but not for a pod that never restarts",
                        pod("Never", A).sandbox(0, false).exited("a", 137)));
    }

    private static Stream<Row> initializing() {
        return Stream.of(
                row("init first", withInit("Always", I, A).sandbox(0), "start i 0"),
                row("wait for it", withInit("Always", I, A).sandbox(0).running("i")),
                row(
                        "then the others",
                        withInit("Always", I, A).sandbox(0).exited("i", 0),
                        "start a 0"),
                row(
                        "a failed one again",
                        withInit("Always", I, A).sandbox(0).exited("i", 1),
                        "start i 1"),
                row(
                        "but not with Never",
                        withInit("Never", I, A).sandbox(0).exited("i", 1),
                        "stop-sandbox/s0"),
                row(
                        "a sidecar is waited for",
                        withInit("Always", SIDECAR, A)
                                .sandbox(0)
                                .running("s")
                                .health("s", Health.UNKNOWN)),
                row(
                        "until it has started",
                        withInit("Always", SIDECAR, A).sandbox(0).running("s"),
                        "start a 0"),
                row(
                        "and kept up, whatever the pod's policy",
                        withInit("Never", SIDECAR, A).sandbox(0).exited("s", 0).running("a"),
                        "start s 1"),
                row(
                        "and ended with a finished pod",
                        withInit("Never", SIDECAR, A).sandbox(0).running("s").exited("a", 0),
                        "tell Killing",
                        "stop s 2s"));
    }

    private static Stream<Row> ending() {
        Container hooked =
                new ContainerBuilder(A)
                        .withNewLifecycle()
                        .withNewPreStop()
                        .withNewSleep(1L)
                        .endPreStop()
                        .endLifecycle()
                        .build();
        Health dead = new Health(true, true, "failed liveness probe", null);
        return Stream.of(
                row(
                        "a deleted pod's containers are stopped, all at once",
                        deleted(pod("Always", A, B).sandbox(0).running("a").running("b"), 30),
                        "tell Killing",
                        "tell Killing",
                        "stop a 30s",
                        "stop b 30s"),
                row(
                        "zero kills",
                        deleted(pod("Always", hooked).sandbox(0).running("a"), 0),
                        "tell Killing",
                        "stop a 0s"),
                row(
                        "preStop first",
                        deleted(pod("Always", hooked).sandbox(0).running("a"), 30),
                        "tell Killing",
                        "pre-stop a"),
                row(
                        "sidecars after the others",
                        deleted(
                                withInit("Always", SIDECAR, A).sandbox(0).running("s").running("a"),
                                30),
                        "tell Killing",
                        "tell Killing",
                        "stop a 30s"),
                row(
                        "then all is removed",
                        deleted(pod("Always", A).sandbox(0).exited("a", 137), 30),
                        "remove-pod"),
                row("nothing there, all the same", deleted(pod("Always", A), 30), "remove-pod"),
                row(
                        "a start in flight is given up",
                        deleted(
                                pod("Always", A)
                                        .sandbox(0)
                                        .memory(m -> m.begun(new Action.StartSandbox(0), null)),
                                30),
                        "cancel sandbox"),
                row(
                        "liveness",
                        pod("Always", A).sandbox(0).running("a").health("a", dead),
                        "tell Killing",
                        "stop a 2s"),
                row(
                        "a changed image",
                        pod("Always", A)
                                .sandbox(0)
                                .running("a")
                                .spec(s -> s.editContainer(0).withImage("x:2").endContainer()),
                        "tell Killing",
                        "stop a 2s"),
                row(
                        "the pod's deadline",
                        pod("Always", A)
                                .spec(s -> s.withActiveDeadlineSeconds(10L))
                                .sandbox(0)
                                .running("a"),
                        "tell DeadlineExceeded",
                        "tell Killing",
                        "stop a 2s"),
                row(
                        "a pod that the API server has as ended is not started",
                        pod("Always", A)
                                .previous(new PodStatusBuilder().withPhase("Failed").build())));
    }

    @TestFactory
    Stream<DynamicTest> plans() {
        return Stream.of(starting(), restarting(), initializing(), ending())
                .flatMap(rows -> rows)
                .map(row ->
                        DynamicTest.dynamicTest(
                                row.name(),
                                () -> assertThat(row.given().steps()).isEqualTo(row.steps())));
    }

    @Test
    void aPlanIsNotRepeatedWhileItIsInFlight() {
        PlanCase given = pod("Always", A).sandbox(0);
        Plan first = given.plan();

        Plan second = PodPlan.of(given.situation(), first.memory());

        assertThat(first.actions()).hasSize(1);
        assertThat(second.actions()).isEmpty();
    }

    @Test
    void aShorterGracePeriodGivesUpTheLongerStop() {
        PlanCase given = deleted(pod("Always", A).sandbox(0).running("a"), 30);
        Plan first = given.plan();
        PodMemory shorter =
                first.memory().ending(new Ending(NOW.plusSeconds(5), false, "", true, null));

        assertThat(PodPlan.of(given.situation(), shorter).actions())
                .containsExactly(new Action.Cancel("stop/a-0"));
    }

    /** While this node was away the time that the API server wrote down has gone by. */
    @Test
    void aPodThatIsHeardToBeDeletedHasItsWholeGraceOrASmallOne() {
        for (long seconds : new long[] {20, 0}) {
            PlanCase given =
                    pod("Always", A)
                            .sandbox(0)
                            .running("a")
                            .pod(p ->
                                    p.editMetadata()
                                            .withDeletionTimestamp(NOW.minusSeconds(60).toString())
                                            .withDeletionGracePeriodSeconds(seconds)
                                            .endMetadata());

            assertThat(given.plan().memory().ending())
                    .extracting(Ending::deadline)
                    .isEqualTo(NOW.plusSeconds(Math.max(seconds, 1)));
            assertThat(given.plan().actions())
                    .filteredOn(Action.StopContainer.class::isInstance)
                    .extracting(stop -> ((Action.StopContainer) stop).grace())
                    .containsExactly(Duration.ofSeconds(Math.max(seconds, 2)));
        }
    }

    /** As after a preStop hook that took all of it: no second signal, and the two seconds last. */
    @Test
    void aStopThatBeganAfterTheGracePeriodIsNotBegunAnew() {
        for (boolean atOnce : new boolean[] {false, true}) {
            PlanCase given = pod("Always", A).sandbox(0).running("a");
            PodMemory late =
                    PodMemory.EMPTY.ending(
                            new Ending(NOW.minusSeconds(20), atOnce, "", true, null));
            Plan first = PodPlan.of(given.situation(), late);
            assertThat(first.actions())
                    .filteredOn(Action.StopContainer.class::isInstance)
                    .hasSize(1);

            given.now(NOW.plusSeconds(1));
            assertThat(PodPlan.of(given.situation(), first.memory()).actions()).isEmpty();
        }
    }

    @Test
    void changedLimitsAreGivenInPlaceUnlessTheyNeedARestart() {
        Resources given = new Resources(2, 0, 0, 100, 0, 0);
        Resources wanted = new Resources(2, 0, 0, 200, 0, 0);
        PlanCase running =
                pod("Always", A)
                        .sandbox(0)
                        .running("a")
                        .memory(m -> m.instance("a-0", i -> i.resized(given)))
                        .limits("a", wanted);

        assertThat(running.steps()).containsExactly("resize/a-0");

        running.spec(s ->
                s.editContainer(0).addNewResizePolicy("memory", "RestartContainer").endContainer());
        running.memory(m -> m.published(new PodMemory.Published("s0", 99, java.util.Map.of())));
        assertThat(running.steps()).containsExactly("tell Killing", "stop a 2s");
    }

    @Test
    void allContainersRestartWhereARuleSaysSo() {
        Container ruled =
                new ContainerBuilder(A)
                        .addNewRestartPolicyRule()
                        .withAction("RestartAllContainers")
                        .withNewExitCodes()
                        .withOperator("In")
                        .withValues(42)
                        .endExitCodes()
                        .endRestartPolicyRule()
                        .build();
        PlanCase given =
                pod("Never", ruled, B)
                        .spec(s -> s.withInitContainers(I))
                        .sandbox(0)
                        .exited("i", 0)
                        .running("b")
                        .exited("a", 42);

        assertThat(given.steps()).containsExactly("tell Killing", "stop b 2s");

        PlanCase ended =
                pod("Never", ruled, B)
                        .spec(s -> s.withInitContainers(I))
                        .sandbox(0)
                        .exited("i", 0)
                        .exited("b", 143)
                        .exited("a", 42);
        assertThat(ended.steps()).containsExactly("start i 1");
    }

    @Test
    void theBackOffDoublesAndForgets() {
        BackOffRules rules = BackOffRules.KUBELET;
        CrashBackOff first = CrashBackOff.next(null, "h", NOW, rules, NOW);
        CrashBackOff second = CrashBackOff.next(first, "h", NOW, rules, NOW);
        CrashBackOff healthy =
                CrashBackOff.next(second, "h", NOW.plusSeconds(700), rules, NOW.plusSeconds(700));

        assertThat(first.delay()).isEqualTo(Duration.ofSeconds(10));
        assertThat(second.delay()).isEqualTo(Duration.ofSeconds(20));
        assertThat(healthy.delay()).isEqualTo(Duration.ofSeconds(10));
        assertThat(CrashBackOff.until(second, "other", NOW, rules)).isNull();
        assertThat(rules.crash(20)).isEqualTo(Duration.ofMinutes(5));
        assertThat(StartPlan.inWords(Duration.ofSeconds(80))).isEqualTo("1m20s");
    }
}
