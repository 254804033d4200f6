package dev.burstlet.hyper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerEngineContract;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Owner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

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
