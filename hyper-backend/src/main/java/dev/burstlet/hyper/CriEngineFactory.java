package dev.burstlet.hyper;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineFactory;
import dev.burstlet.container.EngineSettings;
import java.nio.file.Path;
import java.time.InstantSource;

/** Opens the CRI runtime behind a unix socket of this host. */
public final class CriEngineFactory implements EngineFactory {
    private static final String SCHEME = "unix://";

    @Override
    public String kind() {
        return "cri";
    }

    @Override
    public ContainerEngine open(EngineSettings settings) {
        if (!settings.endpoint().startsWith(SCHEME + "/")) {
            throw new IllegalArgumentException(
                    "endpoint: "
                            + settings.endpoint()
                            + " must be unix:///PATH: a CRI runtime is reached on its own host");
        }
        if (settings.tls() != null) {
            throw new IllegalArgumentException("tls: a unix socket has none");
        }
        Path socket = Path.of(settings.endpoint().substring(SCHEME.length()));
        return new CriEngine(
                settings, socket, CriOptions.of(settings.options()), InstantSource.system());
    }
}
