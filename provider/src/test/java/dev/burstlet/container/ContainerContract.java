package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Containers: how they are made, what their process gets. */
public interface ContainerContract extends EngineContract {
    @Test
    default void createdContainerHasNotRun() {
        TestPod pod = bench().pod().run();

        String id = pod.container("c").command("sleep", "3600").create();

        ContainerStatus status = bench().status(id);
        assertThat(status.state()).isInstanceOf(State.Created.class);
        assertThat(status.sandboxId()).isEqualTo(pod.sandboxId());
        assertThat(status.name()).isEqualTo("c");
        assertThat(status.kind()).isEqualTo(ContainerKind.APP);
        assertThat(status.pod()).isEqualTo(pod.key());
        assertThat(status.imageRef()).isNotEmpty();
        assertThat(status.labels()).containsEntry(Labels.HASH, "hash");
    }

    @Test
    default void containerOfTheSameIdentityIsTheSame() {
        TestPod pod = bench().pod().run();
        TestContainer container = pod.container("c").command("sleep", "3600");

        assertThat(container.create()).isEqualTo(container.create());
    }

    @Test
    default void startingAgainLeavesARunningContainerAlone() {
        TestPod pod = bench().pod().run();
        String id = pod.idle("c");
        State before = bench().status(id).state();

        bench().engine().startContainer(id);

        assertThat(before).isInstanceOf(State.Running.class);
        assertThat(bench().status(id).state()).isEqualTo(before);
    }

    @Test
    default void startingAnEndedContainerDoesNotRunItAgain() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").script("exit 3").start();
        State.Exited before = bench().exit(id);

        bench().engine().startContainer(id);

        assertThat(bench().status(id).state()).isEqualTo(before);
    }

    @Test
    default void missingImageIsNotFound() {
        TestPod pod = bench().pod().run();
        String unknown = "sha256:" + "0".repeat(64);

        Reason reason =
                bench().reasonOf(() ->
                        pod.container("c").imageId(unknown).command("sleep", "1").create());

        assertThat(reason).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    default void commandThatIsNotThereCannotRun() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").command("/no/such/program").create();

        Reason reason = bench().reasonOf(() -> bench().engine().startContainer(id));

        assertThat(reason).isEqualTo(Reason.CANNOT_RUN);
        State.Exited exited = bench().exit(id);
        assertThat(exited.exitCode()).isEqualTo(128);
        assertThat(exited.reason()).isEqualTo("StartError");
        assertThat(exited.message()).contains("/no/such/program");
    }

    @Test
    default void environmentIsGivenAndTheLastOfANameWins() {
        TestPod pod = bench().pod().run();
        String id =
                pod.container("c")
                        .env("GREETING", "first")
                        .env("OTHER", "a b=c")
                        .env("GREETING", "last")
                        .script("echo \"$GREETING $OTHER\"; env | grep GREETING=")
                        .start();

        bench().exit(id);
        assertThat(bench().log(id)).isEqualTo("last a b=c\nGREETING=last\n");
    }

    @Test
    default void argumentsKeepTheirOrderAndBlanks() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").command("echo", "one").args("t w o", "$HOME", "").start();

        bench().exit(id);
        assertThat(bench().log(id)).isEqualTo("one t w o $HOME \n");
    }

    @Test
    default void argumentsAloneReplaceTheImagesCommand() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").args("echo", "from args").start();

        bench().exit(id);
        assertThat(bench().log(id)).isEqualTo("from args\n");
    }

    @Test
    default void workingDirectoryIsSet() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").workingDir("/tmp").command("pwd").start();

        bench().exit(id);
        assertThat(bench().log(id)).isEqualTo("/tmp\n");
    }

    @Test
    default void processRunsAsTheUserAskedFor() {
        TestPod pod = bench().pod().run();
        String id = pod.container("c").user(1234, 2345L, 3456L).command("sleep", "3600").start();

        assertThat(bench().sh(id, "id -u; id -g")).isEqualTo("1234\n2345");
        assertThat(List.of(bench().sh(id, "id -G").split(" ", -1))).contains("2345", "3456");
    }

    @Test
    default void statusTellsTheUserWithItsGroupFirst() {
        Assumptions.assumeTrue(
                bench().engine()
                        .info()
                        .features()
                        .contains(EngineInfo.Feature.SUPPLEMENTAL_GROUPS_POLICY),
                "the engine has no policy for groups");
        TestPod pod = bench().pod().run();
        String strict =
                pod.container("strict")
                        .user(1234, 2345L, 3456L)
                        .strictGroups()
                        .command("sleep", "3600")
                        .start();
        String merged = pod.container("merged").user(0, null, 3456L).command("sleep", "1h").start();

        assertThat(bench().status(strict).user())
                .isEqualTo(new ContainerStatus.User(1234, 2345, List.of(2345L, 3456L)));
        assertThat(bench().sh(strict, "id -G")).isEqualTo("2345 3456");
        ContainerStatus.User user = bench().status(merged).user();
        assertThat(user).isNotNull();
        assertThat(user.uid()).isZero();
        assertThat(user.gid()).isZero();
        assertThat(user.supplementalGroups()).startsWith(0L).contains(3456L);
    }

    @Test
    default void readOnlyRootCannotBeWritten() {
        TestPod pod = bench().pod().scratch("data").run();
        String id =
                pod.container("c")
                        .readOnlyRoot()
                        .mount("data", "/data")
                        .command("sleep", "3600")
                        .start();

        assertThat(bench().exec(id, "sh", "-c", "echo x > /file").exitCode()).isNotZero();
        assertThat(bench().sh(id, "echo x > /data/file && cat /data/file")).isEqualTo("x");
    }

    @Test
    default void rootFilesAreTheContainersOwn() {
        TestPod pod = bench().pod().run();
        String one = pod.idle("one");
        String two = pod.idle("two");

        assertThat(bench().sh(one, "echo mine > /tmp/f; cat /tmp/f")).isEqualTo("mine");
        assertThat(bench().exec(two, "test", "-e", "/tmp/f").exitCode()).isNotZero();
    }

    @Test
    default void limitsChangeInPlace() {
        needs(Ability.RESIZE);
        TestPod pod = bench().pod().run();
        Resources before = new Resources(256, 20_000, 100_000, 64L << 20, 0, 0);
        Resources after = new Resources(512, 40_000, 100_000, 96L << 20, 0, 0);
        String id = pod.container("c").resources(before).command("sleep", "3600").start();
        State state = bench().status(id).state();

        bench().engine().updateContainerResources(id, after);

        assertThat(bench().status(id).state()).isEqualTo(state);
        assertThat(bench().status(id).resources())
                .extracting(Resources::cpuShares, Resources::cpuQuotaMicros, Resources::memoryBytes)
                .containsExactly(512L, 40_000L, 96L << 20);
    }

    @Test
    default void runningContainerIsCountedInStatistics() {
        TestPod pod = bench().pod().run();
        String id = pod.idle("c");

        EngineStats stats =
                bench().until(
                                () -> bench().engine().stats(bench().owner()),
                                one ->
                                        one.containers().stream()
                                                .anyMatch(usage -> usage.containerId().equals(id)));

        assertThat(stats.host().time()).isNotNull();
    }

    @Test
    default void unknownContainerIsAbsentOrNotFound() {
        String unknown = "fedcba987654".repeat(5) + "fedc";

        assertThat(bench().engine().containerStatus(unknown)).isEmpty();
        assertThat(bench().reasonOf(() -> bench().engine().startContainer(unknown)))
                .isEqualTo(Reason.NOT_FOUND);
        assertThat(bench().reasonOf(() -> bench().exec(unknown, "true")))
                .isEqualTo(BackendException.Reason.NOT_FOUND);
    }
}
