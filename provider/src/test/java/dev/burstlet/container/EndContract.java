package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerStatus.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How containers end. */
public interface EndContract extends EngineContract {
    String OBEDIENT = "trap 'exit 0' TERM; echo ready; while true; do sleep 0.1; done";
    String STUBBORN = "trap '' TERM; echo ready; while true; do sleep 0.1; done";

    @Test
    default void exitIsCompletedWithItsTimes() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").command("true").start();

        State.Exited exited = bench().exit(id);

        assertThat(exited.exitCode()).isZero();
        assertThat(exited.signal()).isZero();
        assertThat(exited.reason()).isEqualTo("Completed");
        assertThat(exited.startedAt()).isAfter(Instant.EPOCH);
        assertThat(exited.finishedAt()).isAfterOrEqualTo(exited.startedAt());
    }

    @Test
    default void failureIsAnErrorWithItsCode() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").script("exit 42").start();

        State.Exited exited = bench().exit(id);

        assertThat(exited.exitCode()).isEqualTo(42);
        assertThat(exited.reason()).isEqualTo("Error");
    }

    @Test
    default void processThatObeysEndsWithinTheGracePeriod() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").script(OBEDIENT).start();
        bench().untilLogged(id, "ready");

        bench().engine().stopContainer(id, Duration.ofSeconds(20));

        State.Exited exited = (State.Exited) bench().status(id).state();
        assertThat(exited.exitCode()).isZero();
        assertThat(exited.reason()).isEqualTo("Completed");
    }

    @Test
    default void processThatDoesNotObeyIsKilledAfterTheGracePeriod() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").script(STUBBORN).start();
        bench().untilLogged(id, "ready");

        long start = System.nanoTime();
        bench().engine().stopContainer(id, Duration.ofSeconds(1));

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(900));
        State.Exited exited = (State.Exited) bench().status(id).state();
        assertThat(exited.exitCode()).isEqualTo(137);
        assertThat(exited.reason()).isEqualTo("Error");
    }

    @Test
    default void noGracePeriodKillsAtOnce() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").script(OBEDIENT).start();
        bench().untilLogged(id, "ready");

        bench().engine().stopContainer(id, Duration.ZERO);

        State.Exited exited = (State.Exited) bench().status(id).state();
        assertThat(exited.exitCode()).isEqualTo(137);
    }

    @Test
    default void stopSignalIsTheContainersOwn() {
        TestPod pod = bench().pod().run();
        String id =
                pod.container("c")
                        .stopSignal("SIGUSR1")
                        .script("trap 'exit 7' USR1; echo ready; while true; do sleep 0.1; done")
                        .start();
        bench().untilLogged(id, "ready");

        bench().engine().stopContainer(id, Duration.ofSeconds(20));

        assertThat(((State.Exited) bench().status(id).state()).exitCode()).isEqualTo(7);
    }

    @Test
    default void stoppingTwiceOrStoppingWhatIsGoneDoesNothing() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").script("exit 5").start();
        State.Exited before = bench().exit(id);

        bench().engine().stopContainer(id, Duration.ofSeconds(1));
        assertThat(bench().status(id).state()).isEqualTo(before);

        bench().engine().removeContainer(id);
        bench().engine().removeContainer(id);
        bench().engine().stopContainer(id, Duration.ofSeconds(1));
        assertThat(bench().engine().containerStatus(id)).isEmpty();
    }

    @Test
    default void runningContainerCanBeRemoved() {
        TestPod pod = bench().pod().run();
        String id = pod.idle("c");

        bench().engine().removeContainer(id);

        assertThat(bench().engine().containerStatus(id)).isEmpty();
    }

    @Test
    default void nextAttemptRunsBesideTheDeadOne() {
        TestPod pod = bench().pod().run();
        String first = pod.container("c").script("echo first; exit 1").start();
        bench().exit(first);

        String second = pod.container("c").attempt(1).script("echo second; sleep 3600").start();

        assertThat(second).isNotEqualTo(first);
        bench().untilLogged(second, "second");
        assertThat(bench().log(first)).isEqualTo("first\n");
        assertThat(bench().engine().listContainers(new Filter(bench().owner(), pod.key().uid())))
                .extracting(ContainerStatus::attempt, ContainerStatus::running)
                .containsExactlyInAnyOrder(
                        org.assertj.core.api.Assertions.tuple(0, false),
                        org.assertj.core.api.Assertions.tuple(1, true));
    }

    @Test
    default void endOfOneContainerLeavesTheOthersAlone() {
        TestPod pod = bench().pod().run();
        String lasting = pod.idle("lasting");
        String short_ = pod.container("short").command("true").start();

        bench().exit(short_);

        assertThat(bench().status(lasting).running()).isTrue();
        assertThat(pod.status().ready()).isTrue();
    }

    @Test
    default void processThatUsesTooMuchMemoryIsOomKilled() {
        needs(Ability.OUT_OF_MEMORY);
        TestPod pod = bench().pod().run();
        String id =
                pod.container("c")
                        .resources(new Resources(0, 0, 0, 16L << 20, 0, 0))
                        .command("tail", "/dev/zero")
                        .start();

        State.Exited exited = bench().exit(id);

        assertThat(exited.reason()).isEqualTo("OOMKilled");
        assertThat(exited.exitCode()).isEqualTo(137);
    }

    @Test
    default void signalFromInsideReachesTheProcess() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").script(OBEDIENT).start();
        bench().untilLogged(id, "ready");

        bench().exec(id, "kill", "-TERM", "1");

        assertThat(bench().exit(id).exitCode()).isZero();
    }
}
