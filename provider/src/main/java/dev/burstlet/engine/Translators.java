package dev.burstlet.engine;

import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.SandboxSpec.Dns;
import dev.burstlet.engine.desired.PodTranslator;
import dev.burstlet.engine.observe.HostWatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The translator for the engine as it last described itself. */
final class Translators implements Supplier<PodTranslator> {
    private final HostWatch host;
    private final PodEngineSettings settings;
    private final Supplier<Dns> hostDns;
    private volatile @Nullable Made made;

    private record Made(EngineInfo info, PodTranslator translator) {}

    /**
     * @param hostDns the resolver settings of the engine's host
     */
    Translators(HostWatch host, PodEngineSettings settings, Supplier<Dns> hostDns) {
        this.hostDns = hostDns;
        this.host = host;
        this.settings = settings;
    }

    @Override
    public PodTranslator get() {
        EngineInfo info = host.knownInfo();
        Made known = made;
        if (known == null || !known.info().equals(info)) {
            known =
                    new Made(
                            info,
                            new PodTranslator(
                                    settings.owner(), info, settings.translation(), hostDns));
            made = known;
        }
        return known.translator();
    }
}
