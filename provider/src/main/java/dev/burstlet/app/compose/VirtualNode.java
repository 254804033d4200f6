package dev.burstlet.app.compose;

import dev.burstlet.app.config.HostPort;
import dev.burstlet.app.config.Node;
import dev.burstlet.app.measure.NodeMeters;
import dev.burstlet.node.NodeController;
import dev.burstlet.node.NodeListener;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.serve.KubeletServer;
import dev.burstlet.serve.ServeSettings;
import dev.burstlet.sync.PodSync;
import dev.burstlet.sync.admission.Admission;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One virtual node: its host, its pods, its kubelet API and its Node object. */
final class VirtualNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualNode.class);

    private final Node configured;
    private final NodeMeters meters;
    private final NodeHost host;
    private final KubeletServer server;
    private final NodeController controller;
    private final PodSync sync;

    VirtualNode(Shared shared, Node configured) throws IOException {
        this.configured = configured;
        this.meters = new NodeMeters(configured.name());
        this.host = NodeHost.open(shared, configured, meters);
        PodLifecycle pods = host.pods();
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
                                host,
                                meters,
                                KubeletConfiguration.of(
                                        shared.configuration().cluster(),
                                        shared.configuration().kubelet(),
                                        configured,
                                        NodeHost.settings(shared, configured))),
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
        host.networkTrouble(controller::networkTrouble);
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
                                                .map(dev.burstlet.pod.Support.Refusal::message)
                                                .toList()),
                        controller::node,
                        controller::context,
                        controller::hostChanged);
        if (configured.staticPods() != null) {
            sync.statics(Path.of(configured.staticPods()));
        }
        directory.is(sync);
    }

    /** Its metrics in the Prometheus text format. */
    String metrics() {
        return meters.text() + host.metrics();
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
        host.close();
    }

    private final class Kept implements NodeListener {
        @Override
        public void held() {
            LOG.info("Node {} is kept by this process", name());
            host.begin(sync::held);
        }

        @Override
        public void lost(String holder) {
            LOG.error(
                    "Node {} is kept by another process, {}: its pods are left to it",
                    name(),
                    holder);
            host.stop();
            sync.lost();
        }

        @Override
        public void waiting(String holder) {
            LOG.warn("Node {} is kept by {}: waiting for it to let go", name(), holder);
        }

        @Override
        public void nodeChanged(io.fabric8.kubernetes.api.model.Node node) {
            host.node(node);
            String why =
                    node.getMetadata().getAnnotations() == null
                            ? null
                            : node.getMetadata().getAnnotations().get(Drain.ANNOTATION);
            controller.drainedBy(why);
        }
    }
}
