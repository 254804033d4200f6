package dev.burstlet.hyper.agent;

import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.PodEngineTest;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.engine.agent.AgentSettings;
import dev.burstlet.hyper.remote.RemotePods;
import dev.burstlet.pod.PodLifecycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract through an agent: what is opened again is a new agent and a new client. */
class AgentPodsTest extends PodEngineTest {
    @TempDir static Path certificates;
    @TempDir Path state;

    private final List<AgentServer> agents = new ArrayList<>();

    @Override
    protected PodLifecycle open(String host) {
        agents.forEach(AgentServer::close);
        TestCertificates issued = new TestCertificates(certificates);
        try {
            AgentServer agent =
                    AgentServer.start(
                            new AgentSettings(
                                    "127.0.0.1", 0, issued.agent("host"), state, null, null, null),
                            MemoryEngine.of(host),
                            "test",
                            InstantSource.system(),
                            settings -> settings.withRules(QUICK));
            agents.add(agent);
            return new RemotePods(
                    new AgentEndpoint(
                            "127.0.0.1",
                            agent.port(),
                            issued.node("node-1"),
                            null,
                            Duration.ofSeconds(30)),
                    new PodEngineSettings(OWNER),
                    "test",
                    InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void endAgents() {
        agents.forEach(AgentServer::close);
    }
}
