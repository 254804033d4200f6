package dev.burstlet.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.Publication.File;
import org.junit.jupiter.api.Test;

/** Contents published into volumes. */
public interface PublicationContract extends EngineContract {
    private static File file(String path, String text) {
        return new File(path, 0644, 0, 0, Content.utf8(text));
    }

    @Test
    default void publishedFilesHaveTheirContentModeAndOwner() {
        TestPod pod = bench().pod().files("conf").run();
        pod.publish(
                "conf",
                true,
                file("plain", "text\n"),
                new File("secret", 0400, 1000, 2000, Content.utf8("hidden")),
                file("dir/deep", "below"));
        String id = pod.container("c").mount("conf", "/conf").command("sleep", "3600").start();

        assertThat(bench().sh(id, "cat /conf/plain /conf/secret /conf/dir/deep"))
                .isEqualTo("text\nhiddenbelow");
        assertThat(bench().sh(id, "stat -L -c '%a %u %g' /conf/secret")).isEqualTo("400 1000 2000");
        assertThat(bench().sh(id, "stat -L -c '%a' /conf/plain")).isEqualTo("644");
    }

    @Test
    default void publishedContentsAreReplacedAltogether() {
        TestPod pod = bench().pod().files("conf").run();
        pod.publish("conf", true, file("a", "1"), file("b", "1"));
        String id = pod.container("c").mount("conf", "/conf").command("sleep", "3600").start();

        pod.publish("conf", true, file("a", "2"), file("c", "2"));

        bench().until(
                        () -> bench().sh(id, "cat /conf/a /conf/c; ls /conf"),
                        text -> text.equals("22a\nc"));
    }

    @Test
    default void theSameContentsAgainChangeNothing() {
        TestPod pod = bench().pod().files("conf").run();
        File[] files = {file("a", "1"), file("b", "2"), file("dir/c", "3")};
        pod.publish("conf", true, files);
        String id = pod.container("c").mount("conf", "/conf").command("sleep", "3600").start();
        String before = bench().sh(id, "cd /conf; ls; cat a b dir/c");

        pod.publish("conf", true, files);
        pod.publish("conf", true, files);

        assertThat(before).isEqualTo("a\nb\ndir\n123");
        assertThat(bench().sh(id, "cd /conf; ls; cat a b dir/c")).isEqualTo(before);
    }

    @Test
    default void readerNeverMissesAFileWhileContentsChange() {
        TestPod pod = bench().pod().files("conf").run();
        pod.publish("conf", true, file("a", "0\n"));
        String id =
                pod.container("c")
                        .mount("conf", "/conf")
                        .script(
                                "while ! test -e /conf/stop; do cat /conf/a > /dev/null || echo"
                                        + " missed; done; echo done; sleep 3600")
                        .start();

        for (int i = 1; i <= 10; i++) {
            pod.publish("conf", true, file("a", i + "\n"));
        }
        pod.publish("conf", true, file("a", "end\n"), file("stop", ""));

        assertThat(bench().untilLogged(id, "done")).doesNotContain("missed");
    }

    @Test
    default void publishedContentsAreReadBack() {
        TestPod pod = bench().pod().files("conf").run();
        pod.publish("conf", true, file("a", "text"));

        assertThat(bench().engine().readFile(pod.sandboxId(), pod.key(), "conf", "a", 100))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("text"));
    }

    @Test
    default void fileMountedAloneIsChangedInPlace() {
        needs(Ability.FILE_IN_PLACE);
        TestPod pod = bench().pod().files("_system").run();
        pod.publish("_system", false, file("hosts", "127.0.0.1 localhost\n"), file("other", "x"));
        String id =
                pod.container("c")
                        .mount("_system", "hosts", "/etc/hosts", false)
                        .command("sleep", "3600")
                        .start();
        assertThat(bench().sh(id, "cat /etc/hosts")).isEqualTo("127.0.0.1 localhost");

        pod.publish("_system", false, file("hosts", "127.0.0.1 localhost changed\n"));

        bench().until(() -> bench().sh(id, "cat /etc/hosts"), text -> text.contains("changed"));
        assertThat(bench().engine().readFile(pod.sandboxId(), pod.key(), "_system", "other", 9))
                .isPresent();
    }

    @Test
    default void messageWrittenIntoAPublishedFileIsReadBackAfterTheEnd() {
        TestPod pod = bench().pod().files("_system").run();
        pod.publish("_system", false, new File("log", 0666, 0, 0, Content.EMPTY));
        String id =
                pod.container("c")
                        .mount("_system", "log", "/dev/termination-log", false)
                        .user(1000, 1000L)
                        .script("echo goodbye > /dev/termination-log; exit 1")
                        .start();
        bench().exit(id);

        assertThat(bench().engine().readFile(pod.sandboxId(), pod.key(), "_system", "log", 4096))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("goodbye\n"));
    }

    @Test
    default void groupMayReadWhatIsPublished() {
        TestPod pod = bench().pod().volume("conf", new VolumeSpec.Source.Files(01777), 4000L).run();
        pod.publish("conf", true, new File("key", 0440, 0, 4000, Content.utf8("k")));
        String id =
                pod.container("c")
                        .mount("conf", "/conf")
                        .user(1000, 1000L, 4000L)
                        .command("sleep", "3600")
                        .start();

        assertThat(bench().sh(id, "cat /conf/key")).isEqualTo("k");
        assertThat(bench().sh(id, "stat -c %a /conf")).isEqualTo("3777");
    }

    @Test
    default void publishedContentsCannotBeWrittenThroughAReadOnlyMount() {
        TestPod pod = bench().pod().files("conf").run();
        pod.publish("conf", true, file("a", "1"));
        String id =
                pod.container("c")
                        .mount("conf", "", "/conf", true)
                        .command("sleep", "3600")
                        .start();

        assertThat(bench().exec(id, "sh", "-c", "echo 2 > /conf/a").exitCode()).isNotZero();
        pod.publish("conf", true, file("a", "3"));
        bench().until(() -> bench().sh(id, "cat /conf/a"), text -> text.equals("3"));
    }
}
