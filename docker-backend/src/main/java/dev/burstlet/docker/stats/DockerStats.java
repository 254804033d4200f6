package dev.burstlet.docker.stats;

import dev.burstlet.container.EngineStats;
import dev.burstlet.container.Owner;
import dev.burstlet.docker.client.EngineClient;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;

/** Usage; none yet. */
public final class DockerStats {
    public DockerStats(EngineClient client) {}

    @SuppressWarnings("DoNotCallSuggester")
    public EngineStats stats(Owner owner) {
        throw new BackendException(Reason.UNSUPPORTED, "stats: not on Docker yet");
    }
}
