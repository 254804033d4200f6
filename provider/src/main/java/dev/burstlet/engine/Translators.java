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

    private record Made(EngineInfo info, PodTranslator translator) {
        @SuppressWarnings("ReferenceEquality") // what is alike is no reason to compare it again
        private boolean isFor(EngineInfo now) {
            return now == info;
        }
    }

    /**
     * @param hostDns the resolver settings of the engine's host
     */
    Translators(HostWatch host, PodEngineSettings settings, Supplier<Dns> hostDns) {
        this.hostDns = hostDns;
        this.host = host;
        this.settings = settings;
    }

    /** Asked for with every step of every pod: what was told anew and alike is compared once. */
    @Override
    public PodTranslator get() {
        EngineInfo info = host.knownInfo();
        Made known = made;
        if (known == null || !known.isFor(info)) {
            PodTranslator translator =
                    known != null && known.info().equals(info)
                            ? known.translator()
                            : new PodTranslator(
                                    settings.owner(), info, settings.translation(), hostDns);
            known = new Made(info, translator);
            made = known;
        }
        return known.translator();
    }
}
