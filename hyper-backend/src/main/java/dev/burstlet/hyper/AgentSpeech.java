package dev.burstlet.hyper;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.engine.agent.AgentMeter;
import dev.burstlet.engine.agent.AgentProtocol;
import dev.burstlet.engine.agent.AgentSettings;
import dev.burstlet.hyper.agent.AgentServer;
import dev.burstlet.hyper.remote.RemotePods;
import java.io.IOException;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/** The protocol of agents, burstlet.v1 over gRPC. */
public final class AgentSpeech implements AgentProtocol {
    @Override
    public Remote connect(
            AgentEndpoint endpoint,
            PodEngineSettings settings,
            String release,
            InstantSource clock) {
        return new RemotePods(endpoint, settings, release, clock);
    }

    @Override
    public About about(AgentEndpoint endpoint) {
        return RemotePods.about(endpoint);
    }

    @Override
    public Serving serve(
            AgentSettings settings,
            ContainerEngine engine,
            AgentMeter meter,
            String release,
            InstantSource clock)
            throws IOException {
        return AgentServer.start(settings, engine, meter, release, clock, UnaryOperator.identity());
    }
}
