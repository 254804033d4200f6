package dev.burstlet.app.compose;

import dev.burstlet.app.config.Agent;
import dev.burstlet.app.config.Node;
import dev.burstlet.app.measure.EngineMeters;
import dev.burstlet.app.measure.MeasuredEngine;
import dev.burstlet.app.measure.MeasuredPods;
import dev.burstlet.app.measure.NodeMeters;
import dev.burstlet.app.measure.PodStarts;
import dev.burstlet.app.trace.SpanExport;
import dev.burstlet.app.trace.StartTraces;
import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.EngineMeter;
import dev.burstlet.engine.PodEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.agent.AgentProtocol;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.serve.metrics.ProbeCounts;
import dev.burstlet.sync.PodWatch;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a node's pods run: an engine that this process drives, or an agent. */
sealed interface NodeHost extends AutoCloseable {
    PodLifecycle pods();

    /** How often each probe ended how; none while that cannot be known. */
    ProbeCounts probes();

    /** What the host measures itself, in the Prometheus text format; empty while it is away. */
    String metrics();

    /** Prepares the host for pods, then goes on. */
    void begin(Runnable then);

    /** Another process prepares it. */
    void stop();

    /**
     * Who is told why pods have no network, or not the one that they should have, and by an empty
     * text of its end; an agent tells nothing of it.
     */
    default void networkTrouble(Consumer<String> listener) {}

    /** The node as the API server has it. */
    void node(io.fabric8.kubernetes.api.model.Node node);

    @Override
    void close();

    /** How pods are run on the node's host, wherever that is. */
    static PodEngineSettings settings(Shared shared, Node configured) {
        return new PodEngineSettings(new Owner(shared.clusterUid(), configured.name()))
                .withEviction(NodeShaping.eviction(configured))
                .withImages(configured.images().rules())
                .withTranslation(NodeShaping.translation(shared.configuration(), configured));
    }

    static NodeHost open(Shared shared, Node configured, NodeMeters meters) {
        PodEngineSettings settings = settings(shared, configured);
        EngineMeter meter = meter(shared, configured, meters);
        shared.pods().observe(configured.name(), new Watched(meter));
        Agent agent = configured.agent();
        if (agent != null) {
            AgentProtocol.Remote remote =
                    Agents.connect(configured.name(), agent, settings, shared.clock());
            return new Remote(remote, new MeasuredPods(remote, meter));
        }
        ContainerEngine engine = MeasuredEngine.of(Engines.open(configured), meters);
        PodEngine pods =
                new PodEngine(
                        engine, settings.withHost(Engines.endpoint(configured)), shared.clock());
        pods.measuredBy(meter);
        return new Local(
                engine, pods, new NodeNetwork(engine, settings.owner(), configured.podSubnet()));
    }

    private static EngineMeter meter(Shared shared, Node node, NodeMeters meters) {
        EngineMeter starts = new PodStarts(meters, shared.clock());
        SpanExport traces = shared.traces();
        return traces == null
                ? starts
                : new EngineMeters(
                        List.of(starts, new StartTraces(node.name(), traces, shared.clock())));
    }

    /** What the watch shows is where a start begins and ends. */
    record Watched(EngineMeter meter) implements PodWatch.Observer {
        @Override
        public void seen(Pod pod) {
            meter.seen(pod);
        }

        @Override
        public void gone(Pod last) {
            meter.gone(last);
        }
    }

    /** The engine is called from here. */
    record Local(ContainerEngine engine, PodEngine pods, NodeNetwork network) implements NodeHost {
        @Override
        public void networkTrouble(Consumer<String> listener) {
            network.telling(listener);
        }

        @Override
        public ProbeCounts probes() {
            return new ProbesOfPods(pods::probeCounts, pods::probeLatencies);
        }

        @Override
        public String metrics() {
            return "";
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

    /**
     * The agent makes its pod network itself.
     *
     * @param pods the agent's, measured
     */
    record Remote(AgentProtocol.Remote agent, PodLifecycle pods) implements NodeHost {
        private static final Logger LOG = LoggerFactory.getLogger(Remote.class);

        @Override
        public ProbeCounts probes() {
            return new ProbesOfPods(
                    () -> known(agent::probeCounts, List.of()),
                    () -> known(agent::probeLatencies, List.of()));
        }

        @Override
        public String metrics() {
            return known(agent::metrics, "");
        }

        private static <T> T known(Supplier<T> told, T otherwise) {
            try {
                return told.get();
            } catch (BackendException e) {
                LOG.debug("the agent tells no metrics: {}", e.getMessage());
                return otherwise;
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
