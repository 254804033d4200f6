package dev.burstlet.app.compose;

import dev.burstlet.app.config.HostPort;
import dev.burstlet.app.config.Node;
import dev.burstlet.app.measure.EngineMeters;
import dev.burstlet.app.measure.MeasuredEngine;
import dev.burstlet.app.measure.NodeMeters;
import dev.burstlet.app.measure.PodStarts;
import dev.burstlet.app.trace.SpanExport;
import dev.burstlet.app.trace.StartTraces;
import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.EngineMeter;
import dev.burstlet.engine.PodEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.node.NodeController;
import dev.burstlet.node.NodeListener;
import dev.burstlet.serve.KubeletServer;
import dev.burstlet.serve.ServeSettings;
import dev.burstlet.sync.PodSync;
import dev.burstlet.sync.admission.Admission;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One virtual node: its engine, its pods, its kubelet API and its Node object. */
final class VirtualNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualNode.class);

    private final Node configured;
    private final ContainerEngine engine;
    private final PodEngine pods;
    private final NodeMeters meters;
    private final KubeletServer server;
    private final NodeController controller;
    private final PodSync sync;
    private final NodeNetwork network;

    VirtualNode(Shared shared, Node configured) throws IOException {
        this.configured = configured;
        this.meters = new NodeMeters(configured.name());
        this.engine = MeasuredEngine.of(Engines.open(configured), meters);
        Owner owner = new Owner(shared.clusterUid(), configured.name());
        this.network = new NodeNetwork(engine, owner, configured.podSubnet());
        PodEngineSettings settings =
                new PodEngineSettings(owner)
                        .withTranslation(
                                NodeShaping.translation(shared.configuration(), configured));
        this.pods = new PodEngine(engine, settings, shared.clock());
        pods.measuredBy(meter(shared, configured, meters));
        meters.pods(pods);
        meters.host(pods);
        List<NodeAddress> addresses =
                Addresses.of(
                        configured.name(),
                        configured.address(),
                        configured.listen(),
                        shared.client());
        LateDirectory directory = new LateDirectory();
        HostPort listen = HostPort.parse("listen", configured.listen());
        this.server =
                KubeletServer.start(
                        ServeSettings.of(
                                configured.name(),
                                new InetSocketAddress(listen.host(), listen.port())),
                        KubeletParts.of(
                                shared,
                                configured.name(),
                                addresses,
                                directory,
                                pods,
                                meters,
                                KubeletConfiguration.of(
                                        shared.configuration().cluster(),
                                        shared.configuration().kubelet(),
                                        configured,
                                        settings)),
                        shared.loops());
        this.controller =
                new NodeController(
                        shared.cluster(),
                        shared.nodes(),
                        NodeShaping.settings(
                                shared.configuration(), configured, addresses, server.port()),
                        pods.describeHost(),
                        shared.events(),
                        new Kept());
        this.sync =
                new PodSync(
                        configured.name(),
                        shared.cluster(),
                        shared.pods(),
                        shared.objects(),
                        shared.events(),
                        pods,
                        new Admission(
                                NodeShaping.policy(shared.configuration(), configured),
                                pod ->
                                        dev.burstlet.pod.Support.refusals(pod).stream()
                                                .map(Objects::toString)
                                                .toList()),
                        controller::node,
                        controller::context,
                        controller::hostChanged);
        directory.is(sync);
    }

    private static EngineMeter meter(Shared shared, Node node, NodeMeters meters) {
        EngineMeter starts = new PodStarts(meters, shared.clock());
        SpanExport traces = shared.traces();
        return traces == null
                ? starts
                : new EngineMeters(
                        List.of(starts, new StartTraces(node.name(), traces, shared.clock())));
    }

    NodeMeters meters() {
        return meters;
    }

    String name() {
        return configured.name();
    }

    void start() {
        sync.start();
        controller.start();
    }

    void drain(String why) {
        controller.drain(why);
    }

    boolean drained() {
        return controller.isDrained();
    }

    /** Ready for the process's own health: this process keeps the node or another one does. */
    boolean held() {
        return controller.isHeld();
    }

    /** Leaves the pods running and the node's conditions as they are. */
    @Override
    public void close() {
        server.close();
        sync.close();
        controller.close();
        network.close();
        pods.close();
        engine.close();
    }

    private final class Kept implements NodeListener {
        @Override
        public void held() {
            LOG.info("Node {} is kept by this process", name());
            network.begin(sync::held);
        }

        @Override
        public void lost(String holder) {
            LOG.error(
                    "Node {} is kept by another process, {}: its pods are left to it",
                    name(),
                    holder);
            network.stop();
            sync.lost();
        }

        @Override
        public void waiting(String holder) {
            LOG.warn("Node {} is kept by {}: waiting for it to let go", name(), holder);
        }

        @Override
        public void nodeChanged(io.fabric8.kubernetes.api.model.Node node) {
            network.node(node);
            String why =
                    node.getMetadata().getAnnotations() == null
                            ? null
                            : node.getMetadata().getAnnotations().get(Drain.ANNOTATION);
            controller.drainedBy(why);
        }
    }
}
