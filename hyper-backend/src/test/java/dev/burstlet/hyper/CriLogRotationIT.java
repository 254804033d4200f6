package dev.burstlet.hyper;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.LogRotationContract;
import dev.burstlet.container.Owner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Logs of a CRI runtime, looked at every ten seconds and renamed from 16 KiB on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CriLogRotationIT extends LogRotationContract {
    private final Owner owner = new Owner("logs-" + UUID.randomUUID(), "cri");
    private @Nullable ContainerEngine engine;

    @BeforeAll
    void open() throws Exception {
        Path directory = Files.createDirectories(Path.of("target", "cri-logs"));
        TestRuntime runtime = TestRuntime.get();
        engine =
                runtime.engine(
                        "runc", directory.toAbsolutePath(), Map.of("log-max-bytes", "16384"));
    }

    @AfterAll
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    @Override
    protected ContainerEngine engine() {
        return java.util.Objects.requireNonNull(engine);
    }

    @Override
    protected String image() {
        return TestRuntime.IMAGE;
    }

    @Override
    protected Owner owner() {
        return owner;
    }

    @Override
    protected boolean keepsRotated() {
        return false;
    }

    /** At fifty a second, twenty seconds and more. */
    @Override
    protected int count() {
        return 1000;
    }
}
