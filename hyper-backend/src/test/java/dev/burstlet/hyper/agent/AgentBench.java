package dev.burstlet.hyper.agent;

import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.RecordingListener;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.engine.agent.AgentSettings;
import dev.burstlet.hyper.remote.RemotePods;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/** An agent of pods in memory, a relay before it, and a client that listens. */
final class AgentBench implements AutoCloseable {
    static final Owner OWNER = new Owner("cluster-1", "node-1");

    private final String host = "agent-" + UUID.randomUUID();
    private final MemoryEngine engine = MemoryEngine.of(host);
    private final RecordingListener listener = new RecordingListener();
    private final AgentServer agent;
    private final Relay relay;
    private final RemotePods pods;

    AgentBench(TestCertificates certificates, Path state) throws IOException {
        agent =
                AgentServer.start(
                        new AgentSettings(
                                "127.0.0.1",
                                0,
                                certificates.agent("host"),
                                state,
                                null,
                                null,
                                null),
                        engine,
                        "test",
                        InstantSource.system());
        relay = new Relay(agent.port());
        pods =
                new RemotePods(
                        new AgentEndpoint(
                                "127.0.0.1",
                                relay.port(),
                                certificates.node("node-1"),
                                null,
                                Duration.ofSeconds(30)),
                        new PodEngineSettings(OWNER),
                        "test",
                        InstantSource.system());
        pods.listen(listener);
        var _ = listener.awaitHost("reachable", now -> now.health().reachable());
    }

    MemoryEngine engine() {
        return engine;
    }

    RecordingListener listener() {
        return listener;
    }

    Relay relay() {
        return relay;
    }

    RemotePods pods() {
        return pods;
    }

    int port() {
        return agent.port();
    }

    @Override
    public void close() throws IOException {
        pods.close();
        relay.close();
        agent.close();
        engine.close();
    }
}
