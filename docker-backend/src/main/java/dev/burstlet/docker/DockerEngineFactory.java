package dev.burstlet.docker;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineFactory;
import dev.burstlet.container.EngineSettings;
import java.time.InstantSource;
import java.util.Set;

/** Opens Docker Engines; found by {@link java.util.ServiceLoader}. */
public final class DockerEngineFactory implements EngineFactory {
    private static final Set<String> OPTIONS =
            Set.of("logMaxSize", "logMaxFiles", "masquerade", "podNetworkRouted");

    @Override
    public String kind() {
        return "docker";
    }

    @Override
    public ContainerEngine open(EngineSettings settings) {
        for (String option : settings.options().keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException(
                        "options." + option + ": unknown; Docker hosts have " + OPTIONS);
            }
        }
        return new DockerEngine(settings, InstantSource.system());
    }
}
