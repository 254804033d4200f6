package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.pod.BackendException.Reason;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Sandboxes: their identity, their end, who sees them. */
public interface SandboxContract extends EngineContract {
    @Test
    default void sandboxIsListedReadyWithItsIdentityAndAddress() {
        TestPod pod = bench().pod().run();

        SandboxStatus status = pod.status();

        assertThat(status.pod()).isEqualTo(pod.key());
        assertThat(status.ready()).isTrue();
        assertThat(status.attempt()).isZero();
        assertThat(status.ips()).isNotEmpty();
        assertThat(status.labels()).containsAllEntriesOf(pod.spec().labels());
        assertThat(status.createdAt()).isNotNull();
    }

    @Test
    default void sandboxOfTheSameIdentityIsTheSame() {
        TestPod pod = bench().pod().run();

        assertThat(bench().engine().runPodSandbox(pod.spec())).isEqualTo(pod.sandboxId());
    }

    @Test
    default void sandboxIsMadeOnceByConcurrentCallers() throws Exception {
        SandboxSpec spec = bench().pod().describe();
        Callable<String> run = () -> bench().engine().runPodSandbox(spec);

        List<Future<String>> ids;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            ids = callers.invokeAll(List.of(run, run, run));
        }

        assertThat(ids).extracting(Future::get).containsOnly(ids.getFirst().get());
        assertThat(bench().engine().listPodSandboxes(filter(spec))).hasSize(1);
    }

    private Filter filter(SandboxSpec spec) {
        return new Filter(bench().owner(), spec.pod().uid());
    }

    @Test
    default void sandboxIsReplacedByTheNextAttemptAfterItsEnd() {
        TestPod pod = bench().pod().run();
        String first = pod.sandboxId();
        bench().engine().stopPodSandbox(first);

        pod.attempt(1).run();

        assertThat(pod.sandboxId()).isNotEqualTo(first);
        assertThat(bench().engine().listPodSandboxes(filter(pod.spec())))
                .extracting(SandboxStatus::attempt, SandboxStatus::ready)
                .containsExactlyInAnyOrder(
                        org.assertj.core.api.Assertions.tuple(0, false),
                        org.assertj.core.api.Assertions.tuple(1, true));
    }

    @Test
    default void deadSandboxOfTheSameIdentityIsReplaced() {
        TestPod pod = bench().pod().run();
        String first = pod.sandboxId();
        bench().engine().stopPodSandbox(first);

        pod.run();

        assertThat(pod.status().ready()).isTrue();
        assertThat(bench().engine().listPodSandboxes(filter(pod.spec()))).hasSize(1);
    }

    @Test
    default void stoppedSandboxIsNotReadyAndHasNoAddress() {
        TestPod pod = bench().pod().run();

        bench().engine().stopPodSandbox(pod.sandboxId());
        bench().engine().stopPodSandbox(pod.sandboxId());

        assertThat(pod.status().ready()).isFalse();
        assertThat(pod.status().ips()).isEmpty();
    }

    @Test
    default void removedSandboxIsGoneWithItsContainers() {
        TestPod pod = bench().pod().run();
        String container = pod.idle("c");

        bench().engine().removePodSandbox(pod.sandboxId());
        bench().engine().removePodSandbox(pod.sandboxId());

        assertThat(bench().engine().listPodSandboxes(filter(pod.spec()))).isEmpty();
        assertThat(bench().engine().listContainers(filter(pod.spec()))).isEmpty();
        assertThat(bench().engine().containerStatus(container)).isEmpty();
    }

    @Test
    default void stoppingOrRemovingAnUnknownSandboxDoesNothing() {
        String unknown = "0123456789ab".repeat(5) + "0123";

        bench().engine().stopPodSandbox(unknown);
        bench().engine().removePodSandbox(unknown);
    }

    @Test
    default void containersEndWithTheirSandbox() {
        TestPod pod = bench().pod().run();
        String container = pod.idle("c");

        bench().engine().stopPodSandbox(pod.sandboxId());

        State.Exited exited = bench().exit(container);
        assertThat(exited.exitCode()).isNotZero();
    }

    @Test
    default void listsKeepPodsAndOwnersApart() {
        TestPod pod = bench().pod().run();
        TestPod other = bench().pod().run();
        String container = pod.idle("c");
        Owner stranger = new Owner(bench().owner().cluster(), bench().owner().node() + "-other");

        assertThat(bench().engine().listPodSandboxes(filter(pod.spec())))
                .extracting(SandboxStatus::id)
                .containsExactly(pod.sandboxId());
        assertThat(bench().engine().listPodSandboxes(Filter.all(bench().owner())))
                .extracting(SandboxStatus::id)
                .contains(pod.sandboxId(), other.sandboxId());
        assertThat(bench().engine().listContainers(Filter.all(bench().owner())))
                .extracting(ContainerStatus::id)
                .contains(container);
        assertThat(bench().engine().listPodSandboxes(Filter.all(stranger))).isEmpty();
        assertThat(bench().engine().listContainers(Filter.all(stranger))).isEmpty();
    }

    @Test
    default void podsHaveAddressesOfTheirOwn() {
        TestPod one = bench().pod().run();
        TestPod two = bench().pod().run();

        assertThat(one.status().ips()).doesNotContainAnyElementsOf(two.status().ips());
    }

    @Test
    default void containerIsNotMadeInAMissingOrDeadSandbox() {
        TestPod pod = bench().pod().run();
        bench().engine().stopPodSandbox(pod.sandboxId());
        assertThat(bench().reasonOf(() -> pod.container("c").command("sleep", "1").start()))
                .isIn(Reason.NOT_FOUND, Reason.CONFLICT);

        bench().engine().removePodSandbox(pod.sandboxId());
        assertThat(bench().reasonOf(() -> pod.container("c").command("sleep", "1").create()))
                .isIn(Reason.NOT_FOUND, Reason.CONFLICT);
    }

    @Test
    default void containersOfAPodShareItsHostname() {
        TestPod pod = bench().pod().run();

        assertThat(bench().sh(pod.idle("a"), "hostname")).isEqualTo(pod.spec().hostname());
        assertThat(bench().sh(pod.idle("b"), "hostname")).isEqualTo(pod.spec().hostname());
    }

    @Test
    default void containersSeeEachOthersProcessesOnlyWhereThePodSharesThem() {
        needs(Ability.SHARED_PID);
        TestPod shared = bench().pod().sharePid().run();
        shared.container("a").command("sleep", "4321").start();
        TestPod separate = bench().pod().run();
        separate.container("a").command("sleep", "4321").start();

        assertThat(bench().sh(shared.idle("b"), "ps")).contains("4321");
        assertThat(bench().sh(separate.idle("b"), "ps")).doesNotContain("4321");
    }

    @Test
    default void ephemeralContainerSeesItsTargetsProcesses() {
        needs(Ability.TARGET_PID);
        TestPod pod = bench().pod().run();
        String target = pod.container("a").command("sleep", "4321").start();

        String debugger = pod.container("debug").targets(target).command("sleep", "3600").start();

        assertThat(bench().sh(debugger, "ps")).contains("4321");
    }
}
