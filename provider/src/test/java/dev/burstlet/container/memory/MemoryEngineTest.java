package dev.burstlet.container.memory;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerEngineContract;
import dev.burstlet.container.Owner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The engine in memory keeps the contract. */
@Execution(ExecutionMode.SAME_THREAD)
final class MemoryEngineTest extends ContainerEngineContract {
    private static final String HOST = "memory-engine-test";

    private static MemoryEngine engine;

    @BeforeAll
    static void open() {
        engine = MemoryEngine.of(HOST);
    }

    @AfterAll
    static void forget() {
        engine.close();
        MemoryHost.forget(HOST);
    }

    @Override
    protected ContainerEngine engine() {
        return engine;
    }

    @Override
    protected String image() {
        return "registry.example/tools/busybox:1";
    }

    @Override
    protected Owner owner() {
        return new Owner("contract-cluster", "contract-node");
    }
}
