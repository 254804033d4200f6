package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.VolumeSpec.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A pod's volumes: shared, kept, mounted in part, read, removed. */
public interface VolumeContract extends EngineContract {
    private Optional<String> read(TestPod pod, String volume, String path, int limit) {
        return bench().engine()
                .readFile(pod.sandboxId(), pod.key(), volume, path, limit)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    @Test
    default void scratchIsSharedByContainersAndOpenToAll() {
        TestPod pod = bench().pod().scratch("data").run();
        String writer =
                pod.container("writer")
                        .mount("data", "/data")
                        .user(1000, 1000L)
                        .command("sleep", "3600")
                        .start();
        String reader =
                pod.container("reader").mount("data", "/in").command("sleep", "3600").start();

        bench().sh(writer, "echo hello > /data/file");

        assertThat(bench().sh(reader, "cat /in/file")).isEqualTo("hello");
        assertThat(bench().sh(reader, "stat -c %a /in")).endsWith("777");
    }

    @Test
    default void scratchSurvivesItsContainers() {
        TestPod pod = bench().pod().scratch("data").run();
        String first =
                pod.container("c").mount("data", "/data").script("echo kept > /data/file").start();
        bench().exit(first);
        bench().engine().removeContainer(first);

        String second =
                pod.container("c")
                        .attempt(1)
                        .mount("data", "/data")
                        .command("cat", "/data/file")
                        .start();

        bench().exit(second);
        assertThat(bench().log(second)).isEqualTo("kept\n");
    }

    @Test
    default void scratchSurvivesTheSandbox() {
        TestPod pod = bench().pod().scratch("data").run();
        String first =
                pod.container("c").mount("data", "/data").script("echo kept > /data/file").start();
        bench().exit(first);
        bench().engine().removePodSandbox(pod.sandboxId());

        pod.attempt(1).run();

        String second =
                pod.container("c")
                        .attempt(1)
                        .mount("data", "/data")
                        .command("cat", "/data/file")
                        .start();
        bench().exit(second);
        assertThat(bench().log(second)).isEqualTo("kept\n");
    }

    @Test
    default void scratchInMemorySurvivesItsContainers() {
        TestPod pod = bench().pod().volume("ram", new Source.ScratchMemory(1 << 20)).run();
        String first =
                pod.container("c").mount("ram", "/ram").script("echo kept > /ram/file").start();
        bench().exit(first);

        String second =
                pod.container("c")
                        .attempt(1)
                        .mount("ram", "/ram")
                        .command("cat", "/ram/file")
                        .start();

        bench().exit(second);
        assertThat(bench().log(second)).isEqualTo("kept\n");
    }

    @Test
    default void scratchInMemoryIsLimited() {
        needs(Ability.MEMORY_LIMIT);
        TestPod pod = bench().pod().volume("ram", new Source.ScratchMemory(1 << 20)).run();
        String id = pod.container("c").mount("ram", "/ram").command("sleep", "3600").start();

        ExecResult result = bench().exec(id, "sh", "-c", "head -c 2000000 /dev/zero > /ram/file");

        assertThat(result.exitCode()).isNotZero();
    }

    @Test
    default void groupOwnsWhatIsMadeInTheVolume() {
        TestPod pod = bench().pod().volume("data", new Source.Scratch(0), 4000L).run();
        String id =
                pod.container("c")
                        .mount("data", "/data")
                        .user(1000, 1000L, 4000L)
                        .command("sleep", "3600")
                        .start();

        assertThat(bench().sh(id, "touch /data/f; stat -c %g /data /data/f"))
                .isEqualTo("4000\n4000");
    }

    @Test
    default void aPartThatIsMissingIsMadeWithTheVolumesMode() {
        TestPod pod = bench().pod().scratch("data").run();
        String id =
                pod.container("c")
                        .mount("data", "made/deep", "/part", false)
                        .user(1000, 1000L)
                        .command("sleep", "3600")
                        .start();

        assertThat(bench().sh(id, "touch /part/mine; ls /part")).isEqualTo("mine");
    }

    @Test
    default void readOnlyMountCannotBeWritten() {
        TestPod pod = bench().pod().scratch("data").run();
        String id =
                pod.container("c")
                        .mount("data", "", "/ro", true)
                        .mount("data", "", "/rw", false)
                        .command("sleep", "3600")
                        .start();

        bench().sh(id, "echo x > /rw/file");

        assertThat(bench().exec(id, "sh", "-c", "echo y > /ro/file").exitCode()).isNotZero();
        assertThat(bench().sh(id, "cat /ro/file")).isEqualTo("x");
    }

    @Test
    default void volumeIsMountedInsideOfPublishedFilesAndStaysThere() {
        TestPod pod = bench().pod().files("conf").scratch("data").run();
        List<String> points = List.of("extra/deep");
        pod.publish("conf", points, file("a", "1"), file("b", "2"));
        String id =
                pod.container("c")
                        .mount("conf", "", "/conf", true)
                        .mount("data", "/conf/extra/deep")
                        .command("sleep", "3600")
                        .start();
        bench().sh(id, "echo kept > /conf/extra/deep/file");

        pod.publish("conf", points, file("a", "one"));

        assertThat(bench().sh(id, "cat /conf/a /conf/extra/deep/file")).isEqualTo("onekept");
        assertThat(bench().exec(id, "cat", "/conf/b").exitCode()).isNotZero();
    }

    private static Publication.File file(String path, String text) {
        return new Publication.File(path, 0644, 0, 0, Content.utf8(text));
    }

    @Test
    default void partOfAVolumeIsMadeAndMounted() {
        TestPod pod = bench().pod().scratch("data").run();
        String id =
                pod.container("c")
                        .mount("data", "a/b", "/part", false)
                        .mount("data", "", "/whole", false)
                        .command("sleep", "3600")
                        .start();

        bench().sh(id, "echo x > /part/file");

        assertThat(bench().sh(id, "cat /whole/a/b/file")).isEqualTo("x");
    }

    @Test
    default void partOfAVolumeNeverLeadsOutOfIt() {
        TestPod pod = bench().pod().scratch("data").run();
        String planter =
                pod.container("planter")
                        .mount("data", "/data")
                        .script("ln -s / /data/abs; ln -s ../../.. /data/up; sleep 3600")
                        .start();
        bench().until(
                        () -> bench().exec(planter, "readlink", "/data/up").exitCode(),
                        code -> code == 0);

        for (String path : List.of("abs", "up", "abs/etc")) {
            TestContainer victim =
                    pod.container("victim-" + path.replace('/', '-'))
                            .mount("data", path, "/part", false)
                            .command("sleep", "3600");
            bench().reasonOf(victim::start);
        }
    }

    @Test
    default void fileOfAVolumeIsReadUpToTheLimit() {
        TestPod pod = bench().pod().scratch("data").run();
        String id =
                pod.container("c")
                        .mount("data", "/data")
                        .script("mkdir /data/d; printf 0123456789 > /data/d/file; sleep 3600")
                        .start();
        bench().until(
                        () -> read(pod, "data", "d/file", 100),
                        text -> text.equals(Optional.of("0123456789")));

        assertThat(read(pod, "data", "d/file", 4)).contains("0123");
        assertThat(read(pod, "data", "d/none", 4)).isEmpty();
        assertThat(bench().status(id).running()).isTrue();
    }

    @Test
    default void readingNeverLeadsOutOfTheVolume() {
        TestPod pod = bench().pod().scratch("data").run();
        String id =
                pod.container("c")
                        .mount("data", "/data")
                        .script(
                                "ln -s /etc/passwd /data/abs; ln -s ../../../../../etc/passwd"
                                        + " /data/up; ln -s /etc /data/dir; sleep 3600")
                        .start();
        bench().until(
                        () -> bench().exec(id, "readlink", "/data/dir").exitCode(),
                        code -> code == 0);

        for (String path : List.of("abs", "up", "dir/passwd", "../../../../etc/passwd")) {
            assertThat(readOrRefused(pod, path)).doesNotContain("root:");
        }
    }

    private String readOrRefused(TestPod pod, String path) {
        try {
            return read(pod, "data", path, 4096).orElse("");
        } catch (dev.burstlet.pod.BackendException e) {
            return "";
        }
    }

    @Test
    default void volumesAreListedByOwnerUntilTheyAreRemoved() {
        TestPod pod = bench().pod().scratch("data").files("conf").run();
        Owner stranger = new Owner(bench().owner().cluster(), bench().owner().node() + "-other");

        assertThat(bench().engine().listVolumes(bench().owner())).contains(pod.key());
        assertThat(bench().engine().listVolumes(stranger)).doesNotContain(pod.key());

        bench().engine().removePodSandbox(pod.sandboxId());
        bench().engine().removeVolumes(bench().owner(), pod.key());
        bench().engine().removeVolumes(bench().owner(), pod.key());
        assertThat(bench().engine().listVolumes(bench().owner())).doesNotContain(pod.key());
    }

    @Test
    default void volumesThatExistAreLeftAlone() {
        TestPod pod = bench().pod().scratch("data").run();
        String id = pod.container("c").mount("data", "/data").command("sleep", "3600").start();
        bench().sh(id, "echo kept > /data/file");

        bench().engine().ensureVolumes(bench().owner(), pod.key(), pod.spec().volumes());

        assertThat(bench().sh(id, "cat /data/file")).isEqualTo("kept");
    }

    @Test
    default void pathOfTheHostIsSharedByPodsAndOutlivesThem() {
        needs(Ability.HOST_PATH);
        String path = "/tmp/burstlet-contract/" + bench().key().uid();
        Source source = new Source.HostPath(path, VolumeSpec.HostPathType.DIRECTORY_OR_CREATE);
        TestPod one = bench().pod().volume("host", source).run();
        bench().exit(one.container("c").mount("host", "/h").script("echo x > /h/f").start());
        bench().engine().removePodSandbox(one.sandboxId());
        bench().engine().removeVolumes(bench().owner(), one.key());

        TestPod two = bench().pod().volume("host", source).run();

        String id = two.container("c").mount("host", "/h").script("cat /h/f; rm /h/f").start();
        bench().exit(id);
        assertThat(bench().log(id)).isEqualTo("x\n");
    }
}
