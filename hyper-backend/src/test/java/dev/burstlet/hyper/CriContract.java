package dev.burstlet.hyper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerEngineContract;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.Owner;
import dev.burstlet.container.TestPod;
import dev.burstlet.container.VolumeSpec.HostPathType;
import dev.burstlet.container.VolumeSpec.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract of engines, on a CRI runtime with one handler. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CriContract extends ContainerEngineContract {
    private final Owner owner = new Owner("contract-" + UUID.randomUUID(), "cri");
    private @Nullable ContainerEngine engine;

    abstract String handler();

    /** The runtime, or the reason why there is none. */
    TestRuntime runtime() {
        return TestRuntime.get();
    }

    @BeforeAll
    void open() throws Exception {
        Path directory = Files.createDirectories(Path.of("target", "cri-" + handler()));
        TestRuntime runtime = runtime();
        ContainerEngine opened = runtime.engine(handler(), directory.toAbsolutePath());
        engine = opened;
        runtime.require(opened, handler());
    }

    @AfterAll
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    /** containerd takes the carriage return for a part of the line's end. */
    @Override
    @Test
    public void terminalHasOneOutput() {
        String id =
                bench().pod()
                        .run()
                        .container("c")
                        .tty()
                        .script("test -t 1 && echo terminal")
                        .start();
        ContainerStatus.State.Exited ended = bench().exit(id);

        assertThat(ended.exitCode()).isZero();
        assertThat(bench().log(id)).isEqualTo("terminal\n");
    }

    @Test
    void anImageIsAVolume() {
        needs(EngineInfo.Feature.IMAGE_VOLUMES);
        ImageInfo image = bench().imageInfo();
        TestPod pod = bench().pod().volume("image", new Source.Image(image(), image.id())).run();
        String id =
                pod.container("c")
                        .mount("image", "", "/whole", true)
                        .mount("image", "bin", "/part", true)
                        .command("sleep", "3600")
                        .start();

        assertThat(bench().sh(id, "ls -d /whole/bin/busybox /part/busybox"))
                .isEqualTo("/part/busybox\n/whole/bin/busybox");
        assertThat(bench().exec(id, "touch", "/whole/file").exitCode()).isNotZero();
        assertThat(bench().exec(id, "touch", "/part/file").exitCode()).isNotZero();
    }

    @Test
    void whatIsMountedBelowIsReadOnlyWithTheRest(@TempDir Path folder) throws Exception {
        needs(EngineInfo.Feature.RECURSIVE_READ_ONLY);
        Path below = Files.createDirectory(folder.resolve("below"));
        mount("mount", "-t", "tmpfs", "below", below.toString());
        try {
            Source host = new Source.HostPath(folder.toString(), HostPathType.DIRECTORY);
            TestPod pod = bench().pod().volume("host", host).run();
            String id =
                    pod.container("c")
                            .mount("host", "", "/plain", true)
                            .mountRecursivelyReadOnly("host", "/all")
                            .command("sleep", "3600")
                            .start();

            assertThat(bench().sh(id, "touch /plain/below/file && ls /all/below"))
                    .isEqualTo("file");
            assertThat(bench().exec(id, "touch", "/all/below/other").exitCode()).isNotZero();
            bench().engine().removePodSandbox(pod.sandboxId());
        } finally {
            mount("umount", "-l", below.toString());
        }
    }

    private static void mount(String... line) throws Exception {
        assertThat(new ProcessBuilder(line).inheritIO().start().waitFor()).isZero();
    }

    private void needs(EngineInfo.Feature feature) {
        Assumptions.assumeTrue(
                engine().info().features().contains(feature), "the runtime has no " + feature);
    }

    @Override
    protected ContainerEngine engine() {
        if (engine == null) {
            throw new IllegalStateException("not open");
        }
        return engine;
    }

    @Override
    protected String image() {
        return TestRuntime.IMAGE;
    }

    @Override
    protected Owner owner() {
        return owner;
    }
}
