package dev.burstlet.container.memory;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineFactory;
import dev.burstlet.container.EngineSettings;

/** Opens engines of kind {@code memory}; the endpoint is the name of the simulated host. */
public final class MemoryFactory implements EngineFactory {
    @Override
    public String kind() {
        return "memory";
    }

    @Override
    public ContainerEngine open(EngineSettings settings) {
        return MemoryEngine.open(settings);
    }
}
