package dev.burstlet.app.compose;

import dev.burstlet.app.config.Agent;
import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.config.HostPort;
import dev.burstlet.app.config.Node;
import dev.burstlet.app.config.Release;
import dev.burstlet.app.measure.MeasuredEngine;
import dev.burstlet.app.measure.NodeMeters;
import dev.burstlet.container.ContainerEngine;
import dev.burstlet.engine.EngineMeter;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.engine.agent.AgentMeter;
import dev.burstlet.engine.agent.AgentProtocol;
import dev.burstlet.engine.agent.AgentSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ServiceLoader;

/** Both ends of the way to an agent, as the configuration has them. */
public final class Agents {
    private Agents() {}

    /** An agent that serves, with the engine that it serves. */
    public record Running(AgentProtocol.Serving agent, ContainerEngine engine)
            implements AutoCloseable {
        @Override
        public void close() {
            agent.close();
            engine.close();
        }
    }

    /**
     * Serves a node's engine.
     *
     * @param host says which engine; what else a node has is not used
     * @throws ConfigurationException for what cannot be right
     */
    public static Running serve(Node host, AgentSettings settings) {
        NodeMeters meters = NodeMeters.ofAgent();
        ContainerEngine engine = MeasuredEngine.of(Engines.open(host), meters);
        try {
            return new Running(
                    protocol()
                            .serve(
                                    settings,
                                    engine,
                                    new Work(meters),
                                    Release.CURRENT,
                                    InstantSource.system()),
                    engine);
        } catch (IOException | IllegalArgumentException e) {
            engine.close();
            throw new ConfigurationException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The starts of pods are measured by the control side, which sees them from their beginning.
     */
    private record Work(NodeMeters meters) implements AgentMeter, EngineMeter {
        @Override
        public EngineMeter pods() {
            return this;
        }

        @Override
        public void worked(String operation, long nanos) {
            meters.worked(operation, nanos);
        }

        @Override
        public String text() {
            return meters.text();
        }
    }

    static AgentProtocol.Remote connect(
            String node, Agent agent, PodEngineSettings settings, InstantSource clock) {
        try {
            return protocol().connect(endpoint(agent), settings, Release.CURRENT, clock);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("node " + node + ": agent: " + e.getMessage());
        }
    }

    static AgentProtocol.About about(Agent agent) {
        try {
            return protocol().about(endpoint(agent));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("agent: " + e.getMessage());
        }
    }

    private static AgentEndpoint endpoint(Agent agent) {
        HostPort at = HostPort.parse("endpoint", agent.endpoint());
        return new AgentEndpoint(
                at.host(),
                at.port(),
                new AgentEndpoint.Tls(
                        Path.of(agent.tls().ca()),
                        Path.of(agent.tls().certificate()),
                        Path.of(agent.tls().key())),
                agent.serverName(),
                Duration.ofSeconds(agent.timeoutSeconds()));
    }

    private static AgentProtocol protocol() {
        return ServiceLoader.load(AgentProtocol.class)
                .findFirst()
                .orElseThrow(
                        () -> new ConfigurationException("this build does not speak with agents"));
    }
}
