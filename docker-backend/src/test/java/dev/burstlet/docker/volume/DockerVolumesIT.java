package dev.burstlet.docker.volume;

import static dev.burstlet.docker.volume.VolumePod.OWNER;
import static dev.burstlet.docker.volume.VolumePod.mount;
import static dev.burstlet.docker.volume.VolumePod.volume;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Mount;
import dev.burstlet.container.Content;
import dev.burstlet.container.Publication;
import dev.burstlet.container.Publication.File;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.HostPathType;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.docker.stream.DockerStreams;
import dev.burstlet.docker.testing.DockerRig;
import dev.burstlet.docker.tool.SandboxTool;
import dev.burstlet.docker.tool.ToolContainer;
import dev.burstlet.docker.wire.Execs;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DockerVolumesIT {
    private static DockerRig rig;
    private static DockerStreams streams;
    private static DockerVolumes volumes;

    @BeforeAll
    static void start() {
        rig = new DockerRig();
        streams = new DockerStreams(rig.docker(), rig.dialer());
        SandboxTool tool =
                new SandboxTool(
                        new Execs(rig.docker(), rig.dialer()), rig.settings().callTimeout());
        volumes = new DockerVolumes(rig.docker(), tool, () -> VolumeFeatures.of(1, 41));
    }

    @AfterAll
    static void stop() {
        if (rig != null) {
            rig.removeContainers();
            volumes.list(OWNER).forEach(pod -> volumes.remove(OWNER, pod));
            rig.close();
        }
    }

    @Test
    void scratchVolumesHaveTheirModesAndGroups() throws Exception {
        VolumePod pod =
                new VolumePod(
                        rig,
                        volumes,
                        volume("disk", new Source.Scratch(0)),
                        volume("ram", new Source.ScratchMemory(1 << 20)),
                        new VolumeSpec("gdisk", new Source.Scratch(0), 2000L, false),
                        new VolumeSpec("gram", new Source.ScratchMemory(0), 2000L, false));
        volumes.publish(pod.sandboxId, pod.key, List.of());
        String box =
                pod.run(
                        List.of(
                                mount("disk", "", "/disk"),
                                mount("ram", "", "/ram"),
                                mount("gdisk", "", "/gdisk"),
                                mount("gram", "", "/gram")),
                        "sleep",
                        "1000");
        assertThat(shell(box, "stat -c '%a %u:%g' /disk /ram /gdisk /gram"))
                .isEqualTo("777 0:0\n1777 0:0\n2777 0:2000\n3777 0:2000\n");
        assertThat(shell(box, "dd if=/dev/zero of=/ram/x bs=1k count=2000 2>&1; echo done"))
                .contains("No space left");
    }

    /** As what held a part of it while a container started, when the process was killed. */
    @Test
    void aVolumeGoesThoughAKilledProcessLeftWhatUsesIt() {
        VolumePod pod = new VolumePod(rig, volumes, volume("disk", new Source.Scratch(0)));
        Mount whole =
                EngineMounts.volume(
                        new VolumeNames(OWNER, pod.key, 0)
                                .of(volume("disk", new Source.Scratch(0))),
                        "/volumes/whole0",
                        true);
        ToolContainer left =
                ToolContainer.start(rig.docker(), new ToolContainer.View(List.of(whole), false));
        rig.docker().removeContainerCmd(pod.sandboxId).withForce(true).exec();

        volumes.remove(OWNER, pod.key);

        assertThat(volumes.list(OWNER)).doesNotContain(pod.key);
        assertThatThrownBy(() -> rig.docker().inspectContainerCmd(left.id()).exec())
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void filesAreLaidOutAsTheKubeletDoes() throws Exception {
        VolumePod pod = new VolumePod(rig, volumes, volume("config", new Source.Files()));
        publish(pod, atomic("config", file("a", "1"), file("dir/b", "2")));
        String box = pod.run(List.of(mount("config", "", "/config")), "sleep", "1000");
        assertThat(shell(box, "cat /config/a /config/dir/b")).isEqualTo("12");
        assertThat(shell(box, "readlink /config/a; readlink /config/dir"))
                .isEqualTo("..data/a\n..data/dir\n");
        assertThat(shell(box, "stat -Lc '%a %u:%g' /config/a /config /config/..data"))
                .isEqualTo("440 1000:2000\n777 0:0\n755 0:0\n");
        String first = shell(box, "readlink /config/..data").strip();
        assertThat(first).matches("\\.\\.20\\d\\d_\\d\\d_\\d\\d_\\d\\d_\\d\\d_\\d\\d\\.\\d+");

        publish(pod, atomic("config", file("a", "1"), file("dir/b", "2")));
        assertThat(shell(box, "readlink /config/..data").strip()).isEqualTo(first);

        publish(pod, atomic("config", file("a", "one"), file("c", "3")));
        assertThat(
                        shell(
                                box,
                                "ls -A /config | grep -v '^\\.\\.2'; ls -A /config | wc -l; cat /config/a"))
                .isEqualTo("..data\na\nc\n4\none");
        assertThat(shell(box, "(echo x > /config/new) 2>&1; echo $?")).endsWith("1\n");
    }

    @Test
    void aVolumeIsMountedInsideOfFilesAndOutlivesTheirUpdates() throws Exception {
        VolumePod pod =
                new VolumePod(
                        rig,
                        volumes,
                        volume("config", new Source.Files()),
                        volume("disk", new Source.Scratch(0)),
                        volume("ram", new Source.ScratchMemory(0)));
        List<String> points = List.of("extra", "under/deep");
        publish(
                pod,
                new Publication(
                        "config", List.of(file("a", "1"), file("under/b", "2")), true, points));
        String box =
                pod.run(
                        List.of(
                                mount("config", "", "/config"),
                                mount("disk", "", "/config/extra"),
                                mount("ram", "", "/config/under/deep")),
                        "sleep",
                        "1000");
        shell(box, "echo x > /config/extra/f; echo y > /config/under/deep/f");
        for (String text : List.of("two", "three")) {
            publish(pod, new Publication("config", List.of(file("a", text)), true, points));
            assertThat(shell(box, "cat /config/a /config/extra/f /config/under/deep/f"))
                    .isEqualTo(text + "x\ny\n");
        }
        assertThat(shell(box, "stat -c %a /config/under; ls -A /config | grep -v '^\\.\\.2'"))
                .isEqualTo("755\n..data\na\nextra\nunder\n");
    }

    @Test
    void aTightReaderNeverMissesAFile() throws Exception {
        VolumePod pod = new VolumePod(rig, volumes, volume("config", new Source.Files()));
        publish(pod, atomic("config", file("a", "0\n")));
        String box =
                pod.run(
                        List.of(mount("config", "", "/config")),
                        "sh",
                        "-c",
                        "n=0; while [ ! -e /tmp/stop ]; do read x < /config/a || echo MISS; n=$((n+1)); done; echo reads $n");
        for (int i = 1; i <= 40; i++) {
            publish(pod, atomic("config", file("a", i + "\n")));
        }
        shell(box, "touch /tmp/stop");
        await().until(() -> log(box).contains("reads"));
        assertThat(log(box)).doesNotContain("MISS");
    }

    @Test
    void filesInPlaceKeepTheirInode() throws Exception {
        VolumePod pod = new VolumePod(rig, volumes, volume("_system", new Source.Files()));
        publish(pod, new Publication("_system", List.of(file("hosts", "long text\n")), false));
        String box = pod.run(List.of(mount("_system", "hosts", "/etc/hosts")), "sleep", "1000");
        assertThat(shell(box, "cat /etc/hosts")).isEqualTo("long text\n");
        publish(pod, new Publication("_system", List.of(file("hosts", "short\n")), false));
        assertThat(shell(box, "cat /etc/hosts")).isEqualTo("short\n");
        shell(box, "echo written > /etc/hosts");
        assertThat(read(pod, "_system", "hosts", 5)).isEqualTo("writt");
        assertThat(volumes.readFile(pod.sandboxId, pod.key, "_system", "none", 5)).isEmpty();
    }

    @Test
    void readingNeverLeavesTheVolume() throws Exception {
        VolumePod pod = new VolumePod(rig, volumes, volume("disk", new Source.Scratch(0)));
        String box = pod.run(List.of(mount("disk", "", "/disk")), "sleep", "1000");
        shell(
                box,
                "ln -s /pause /disk/abs; ln -s ../../pause /disk/up; mkfifo /disk/fifo; ln -s /proc/self/exe /disk/magic; echo ok > /disk/f; ln -s f /disk/in");
        assertThat(read(pod, "disk", "in", 10)).isEqualTo("ok\n");
        for (String path : List.of("abs", "up", "magic", "../pause")) {
            assertThatThrownBy(() -> read(pod, "disk", path, 10))
                    .isInstanceOf(BackendException.class);
        }
    }

    @Test
    void subPathsAreMadeAndMounted() throws Exception {
        VolumePod pod =
                new VolumePod(
                        rig,
                        volumes,
                        volume("disk", new Source.Scratch(0)),
                        volume("config", new Source.Files()));
        publish(pod, atomic("config", file("key", "value")));
        String first = pod.run(List.of(mount("disk", "", "/disk")), "sleep", "1000");
        shell(first, "mkdir -p /disk/real; ln -s real /disk/link; echo hi > /disk/real/f");
        String box =
                pod.run(
                        List.of(
                                mount("disk", "made/deep", "/made"),
                                mount("disk", "link", "/link"),
                                mount("config", "key", "/etc/key")),
                        "sleep",
                        "1000");
        assertThat(shell(box, "cat /link/f /etc/key")).isEqualTo("hi\nvalue");
        shell(box, "echo x > /made/x");
        assertThat(shell(first, "cat /disk/made/deep/x; stat -c %a /disk/made"))
                .isEqualTo("x\n777\n");
    }

    @Test
    void aLinkPlantedBeforeTheContainerIsMadeIsRefused() throws Exception {
        VolumePod pod = new VolumePod(rig, volumes, volume("disk", new Source.Scratch(0)));
        String evil = pod.run(List.of(mount("disk", "", "/disk")), "sleep", "1000");
        shell(evil, "ln -s /etc /disk/abs; ln -s ../.. /disk/up; ln -s abs /disk/twice");
        for (String path : List.of("abs", "up", "twice", "abs/ssh", "up/x")) {
            assertThatThrownBy(
                            () -> pod.create(List.of(mount("disk", path, "/x")), "sleep", "1000"))
                    .as(path)
                    .isInstanceOfSatisfying(
                            BackendException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.SUB_PATH));
        }
    }

    @Test
    void aLinkPlantedBetweenCreationAndStartIsRefused() throws Exception {
        VolumePod pod = new VolumePod(rig, volumes, volume("disk", new Source.Scratch(0)));
        String evil = pod.run(List.of(mount("disk", "", "/disk")), "sleep", "1000");
        String victim = pod.create(List.of(mount("disk", "sub", "/sub")), "ls", "/sub");
        shell(evil, "rm -r /disk/sub; ln -s /etc /disk/sub");
        assertThatThrownBy(() -> pod.start(victim)).isInstanceOf(BackendException.class);
        assertThat(log(victim)).isEmpty();
    }

    @Test
    void aSingleFileIsMountedBesideARunningSibling() throws Exception {
        VolumePod pod =
                new VolumePod(
                        rig,
                        volumes,
                        volume("disk", new Source.Scratch(0)),
                        volume("ram", new Source.ScratchMemory(0)));
        String sibling =
                pod.run(
                        List.of(mount("disk", "", "/disk"), mount("ram", "", "/ram")),
                        "sleep",
                        "1000");
        shell(sibling, "mkdir /disk/d; echo on-disk > /disk/d/f; echo in-ram > /ram/f");
        String box =
                pod.run(
                        List.of(mount("disk", "d/f", "/etc/one"), mount("ram", "f", "/etc/two")),
                        "sleep",
                        "1000");
        assertThat(shell(box, "cat /etc/one /etc/two")).isEqualTo("on-disk\nin-ram\n");
        shell(box, "echo written > /etc/one");
        assertThat(shell(sibling, "cat /disk/d/f")).isEqualTo("written\n");

        String victim = pod.create(List.of(mount("disk", "d/f", "/x")), "cat", "/x");
        shell(sibling, "rm /disk/d/f; ln -s /etc/passwd /disk/d/f");
        assertThatThrownBy(() -> pod.start(victim)).isInstanceOf(BackendException.class);
        assertThat(log(victim)).isEmpty();
        for (String id : List.of(victim, box, sibling, pod.sandboxId)) {
            rig.docker().removeContainerCmd(id).withForce(true).exec();
        }
        volumes.remove(OWNER, pod.key);
        assertThat(volumes.list(OWNER)).doesNotContain(pod.key);
    }

    @Test
    void aLinkThatComesAndGoesDuringStartsNeverLeadsOut() throws Exception {
        VolumePod pod = new VolumePod(rig, volumes, volume("disk", new Source.Scratch(0)));
        pod.run(
                List.of(mount("disk", "", "/disk")),
                "sh",
                "-c",
                "cd /disk; mkdir sub; touch sub/mine; ln -s /etc evil; while :; do mv sub good; mv evil sub; mv sub evil; mv good sub; done");
        int started = 0;
        for (int i = 0; i < 12; i++) {
            String victim;
            try {
                victim = pod.create(List.of(mount("disk", "sub", "/sub")), "ls", "/sub");
                pod.start(victim);
            } catch (BackendException e) {
                continue;
            }
            await().until(() ->
                    !Boolean.TRUE.equals(
                            rig.docker()
                                    .inspectContainerCmd(victim)
                                    .exec()
                                    .getState()
                                    .getRunning()));
            assertThat(log(victim)).doesNotContain("passwd");
            started++;
        }
        assertThat(started).as("starts under attack").isLessThanOrEqualTo(12);
    }

    @Test
    void hostPathsAreChecked(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "text");
        Files.createSymbolicLink(directory.resolve("link"), directory);
        check(directory, HostPathType.DIRECTORY);
        check(directory.resolve("link"), HostPathType.DIRECTORY);
        check(file, HostPathType.FILE);
        check(directory.resolve("new/deep"), HostPathType.DIRECTORY_OR_CREATE);
        assertThat(directory.resolve("new/deep")).isDirectory();
        check(directory.resolve("new/file"), HostPathType.FILE_OR_CREATE);
        assertThat(directory.resolve("new/file")).isRegularFile();
        check(Path.of("/var/run/docker.sock"), HostPathType.SOCKET);
        check(Path.of("/dev/null"), HostPathType.CHAR_DEVICE);
        for (HostPathType type :
                List.of(HostPathType.DIRECTORY, HostPathType.SOCKET, HostPathType.BLOCK_DEVICE)) {
            assertThatThrownBy(() -> check(file, type))
                    .hasMessageContaining("hostPath type check failed: " + file + " is not a");
        }
        Path gone = directory.resolve("gone");
        dev.burstlet.pod.PodKey key = new dev.burstlet.pod.PodKey("default", "check", "none");
        assertThatThrownBy(() ->
                        volumes.ensure(
                                OWNER,
                                key,
                                List.of(
                                        hostPath("fine", file, HostPathType.FILE),
                                        hostPath("wrong", gone, HostPathType.SOCKET),
                                        hostPath("other", file, HostPathType.DIRECTORY))))
                .hasMessage(
                        "volume \"wrong\" : hostPath type check failed: "
                                + gone
                                + " is not a socket file");
    }

    @Test
    void aHostPathIsMountedWithItsSubPath(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("sub"));
        Files.writeString(directory.resolve("sub/f"), "text");
        VolumePod pod =
                new VolumePod(
                        rig,
                        volumes,
                        volume(
                                "host",
                                new Source.HostPath(directory.toString(), HostPathType.DIRECTORY)));
        String box =
                pod.run(
                        List.of(mount("host", "", "/all"), mount("host", "sub", "/sub")),
                        "sleep",
                        "1000");
        assertThat(shell(box, "cat /all/sub/f /sub/f")).isEqualTo("texttext");
    }

    @Test
    void aLocalDiskIsGivenToTheGroup(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("f"), "text");
        VolumePod pod =
                new VolumePod(
                        rig,
                        volumes,
                        new VolumeSpec(
                                "disk",
                                new Source.HostPath(directory.toString(), HostPathType.DIRECTORY),
                                3000L,
                                false));
        volumes.publish(pod.sandboxId, pod.key, List.of());
        String box = pod.run(List.of(mount("disk", "", "/disk")), "sleep", "1000");
        assertThat(shell(box, "stat -c '%a %g' /disk /disk/f")).isEqualTo("2770 3000\n664 3000\n");
    }

    @Test
    void removalLeavesNothing() throws Exception {
        VolumePod pod =
                new VolumePod(
                        rig,
                        volumes,
                        volume("disk", new Source.Scratch(0)),
                        volume("secret", new Source.Files(01777)));
        publish(pod, atomic("secret", file("key", "s3cret-leak-check")));
        String box =
                pod.run(
                        List.of(mount("disk", "sub", "/sub"), mount("secret", "", "/secret")),
                        "sleep",
                        "1000");
        assertThat(volumes.list(OWNER)).contains(pod.key);
        rig.docker().removeContainerCmd(box).withForce(true).exec();
        Thread removal = Thread.ofVirtual().start(() -> volumes.remove(OWNER, pod.key));
        rig.docker().removeContainerCmd(pod.sandboxId).withForce(true).exec();
        assertThat(removal.join(Duration.ofSeconds(15))).isTrue();
        volumes.remove(OWNER, pod.key);
        assertThat(volumes.list(OWNER)).doesNotContain(pod.key);
    }

    @Test
    void namedVolumesOutliveThePod() throws Exception {
        String name = "burstlet-test-named-" + OWNER.node();
        try {
            VolumePod pod =
                    new VolumePod(
                            rig,
                            volumes,
                            new VolumeSpec(
                                    "data",
                                    new Source.Named("local", name, Map.of()),
                                    3000L,
                                    true));
            String box = pod.run(List.of(mount("data", "", "/data")), "sleep", "1000");
            assertThat(shell(box, "stat -c '%a %g' /data")).isEqualTo("2775 3000\n");
            rig.docker().removeContainerCmd(box).withForce(true).exec();
            rig.docker().removeContainerCmd(pod.sandboxId).withForce(true).exec();
            volumes.remove(OWNER, pod.key);
            assertThat(rig.docker().inspectVolumeCmd(name).exec().getName()).isEqualTo(name);
        } finally {
            rig.docker().removeVolumeCmd(name).exec();
        }
    }

    /** Only what the engine is told: a mount needs a server and a kernel with NFS. */
    @Test
    void anNfsExportIsGivenToTheEngine() throws Exception {
        var key = new dev.burstlet.pod.PodKey("default", "nfs", "nfs-" + OWNER.node());
        try {
            volumes.ensure(
                    OWNER,
                    key,
                    List.of(
                            volume(
                                    "export",
                                    new Source.Nfs(
                                            "192.0.2.1", "/srv/data", true, List.of("hard")))));
            var made =
                    rig.docker().listVolumesCmd().exec().getVolumes().stream()
                            .filter(v ->
                                    v.getName().contains(key.uid())
                                            && v.getName().endsWith(".export"))
                            .findFirst()
                            .orElseThrow();
            assertThat(rig.docker().inspectVolumeCmd(made.getName()).exec().getOptions())
                    .containsEntry("type", "nfs")
                    .containsEntry("device", ":/srv/data")
                    .containsEntry("o", "addr=192.0.2.1,nfsvers=4,ro,hard");
        } finally {
            volumes.remove(OWNER, key);
        }
    }

    private static void check(Path path, HostPathType type) {
        dev.burstlet.pod.PodKey key = new dev.burstlet.pod.PodKey("default", "check", "none");
        volumes.ensure(OWNER, key, List.of(hostPath("h", path, type)));
    }

    private static VolumeSpec hostPath(String name, Path path, HostPathType type) {
        return volume(name, new Source.HostPath(path.toString(), type));
    }

    private static Publication atomic(String volume, File... files) {
        return new Publication(volume, List.of(files), true);
    }

    private static File file(String path, String text) {
        return new File(path, 0440, 1000, 2000, Content.utf8(text));
    }

    private static void publish(VolumePod pod, Publication... publications) {
        volumes.publish(pod.sandboxId, pod.key, List.of(publications));
    }

    private static String read(VolumePod pod, String volume, String path, int limit) {
        return new String(
                volumes.readFile(pod.sandboxId, pod.key, volume, path, limit).orElseThrow(), UTF_8);
    }

    private static String shell(String container, String script) throws InterruptedException {
        return streams.execSync(
                        container, List.of("sh", "-c", script), Duration.ofSeconds(20), 1 << 16)
                .output();
    }

    private static String log(String container) throws Exception {
        var out = new java.io.ByteArrayOutputStream();
        streams.logs(container, dev.burstlet.pod.LogRequest.ALL, out);
        return out.toString(UTF_8);
    }
}
