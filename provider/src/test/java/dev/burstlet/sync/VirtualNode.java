package dev.burstlet.sync;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.EventQueue;
import dev.burstlet.node.NodeController;
import dev.burstlet.node.NodeListener;
import dev.burstlet.node.NodeSettings;
import dev.burstlet.node.NodeWatch;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.sync.admission.Admission;
import dev.burstlet.sync.admission.Policy;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One virtual node with all of its cluster side, over a given host. */
final class VirtualNode implements AutoCloseable {
    private final KubernetesClient client;
    private final Cluster cluster;
    private final EventQueue events;
    private final NodeWatch nodes;
    private final PodWatch pods;
    private final ReferencedObjects objects;
    private final NodeController node;
    private final PodSync sync;

    VirtualNode(Config config, NodeSettings settings, PodLifecycle host) {
        this(config, settings, host, null);
    }

    /** With static pods. */
    VirtualNode(Config config, NodeSettings settings, PodLifecycle host, @Nullable Path manifests) {
        boolean own = settings.identity() == NodeSettings.Identity.NODE;
        client = Cluster.connect(config);
        cluster = new Cluster(client, InstantSource.system());
        events = new EventQueue(cluster);
        nodes = new NodeWatch(cluster, own);
        pods = new PodWatch(cluster, own);
        objects = new ReferencedObjects(cluster);
        node =
                new NodeController(
                        cluster, nodes, settings, host.describeHost(), events, new Joined());
        sync =
                new PodSync(
                        settings.name(),
                        cluster,
                        pods,
                        objects,
                        events,
                        host,
                        new Admission(Policy.CLOSED, _ -> List.of()),
                        node::node,
                        node::context,
                        node::hostChanged);
        if (manifests != null) {
            sync.statics(manifests);
        }
        objects.start();
        sync.start();
        node.start();
    }

    static NodeSettings settings(String name) {
        return NodeSettings.of(name, List.of(new NodeAddress("127.0.0.1", "InternalIP")), 10250);
    }

    NodeController node() {
        return node;
    }

    PodSync sync() {
        return sync;
    }

    EventQueue events() {
        return events;
    }

    @Override
    public void close() {
        sync.close();
        node.close();
        pods.close();
        nodes.close();
        objects.close();
        events.close();
        cluster.close();
        client.close();
    }

    private final class Joined implements NodeListener {
        @Override
        public void held() {
            sync.held();
        }

        @Override
        public void lost(String holder) {
            sync.lost();
        }
    }
}
