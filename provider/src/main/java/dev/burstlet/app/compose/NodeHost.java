package dev.burstlet.app.compose;

import dev.burstlet.app.config.Agent;
import dev.burstlet.app.config.Node;
import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.PodEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.agent.AgentProtocol;
import dev.burstlet.engine.probe.ProbeCount;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodLifecycle;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a node's pods run: an engine that this process drives, or an agent. */
sealed interface NodeHost extends AutoCloseable {
    PodLifecycle pods();

    /** How often each probe ended how; none while that cannot be known. */
    List<ProbeCount> probeCounts();

    /** Prepares the host for pods, then goes on. */
    void begin(Runnable then);

    /** Another process prepares it. */
    void stop();

    /** The node as the API server has it. */
    void node(io.fabric8.kubernetes.api.model.Node node);

    @Override
    void close();

    static NodeHost open(Shared shared, Node configured) {
        Owner owner = new Owner(shared.clusterUid(), configured.name());
        PodEngineSettings settings =
                new PodEngineSettings(owner)
                        .withEviction(NodeShaping.eviction(configured))
                        .withTranslation(
                                NodeShaping.translation(shared.configuration(), configured));
        Agent agent = configured.agent();
        if (agent != null) {
            return new Remote(Agents.connect(configured.name(), agent, settings, shared.clock()));
        }
        ContainerEngine engine = Engines.open(configured);
        return new Local(
                engine,
                new PodEngine(engine, settings, shared.clock()),
                new NodeNetwork(engine, owner, configured.podSubnet()));
    }

    /** The engine is called from here. */
    record Local(ContainerEngine engine, PodEngine pods, NodeNetwork network) implements NodeHost {
        @Override
        public List<ProbeCount> probeCounts() {
            return pods.probeCounts();
        }

        @Override
        public void begin(Runnable then) {
            network.begin(then);
        }

        @Override
        public void stop() {
            network.stop();
        }

        @Override
        public void node(io.fabric8.kubernetes.api.model.Node node) {
            network.node(node);
        }

        @Override
        public void close() {
            network.close();
            pods.close();
            engine.close();
        }
    }

    /** The agent makes its pod network itself. */
    record Remote(AgentProtocol.Remote pods) implements NodeHost {
        private static final Logger LOG = LoggerFactory.getLogger(Remote.class);

        @Override
        public List<ProbeCount> probeCounts() {
            try {
                return pods.probeCounts();
            } catch (BackendException e) {
                LOG.debug("no probe counts: {}", e.getMessage());
                return List.of();
            }
        }

        @Override
        public void begin(Runnable then) {
            then.run();
        }

        @Override
        public void stop() {}

        @Override
        public void node(io.fabric8.kubernetes.api.model.Node node) {}

        @Override
        public void close() {
            pods.close();
        }
    }
}
