package dev.burstlet.node;

import dev.burstlet.cluster.ApiList;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.Reflector;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What others do to our Node objects: one watch for all of them, or one for each where the identity
 * may see only that.
 */
public final class NodeWatch implements AutoCloseable {
    private final Cluster cluster;
    private final boolean perNode;
    private final Map<String, Follower> followers = new ConcurrentHashMap<>();
    private final List<Reflector<Node>> reflectors = new ArrayList<>();

    /**
     * @param perNode whether to watch each node by its name, instead of all nodes of the cluster
     */
    public NodeWatch(Cluster cluster, boolean perNode) {
        this.cluster = cluster;
        this.perNode = perNode;
    }

    /** Told about one node. */
    interface Follower {
        void changed(Node node);

        void gone();
    }

    synchronized void follow(String name, Follower follower) {
        followers.put(name, follower);
        if (perNode) {
            start("node " + name, name);
        } else if (reflectors.isEmpty()) {
            start("nodes", "");
        } else {
            Node known = reflectors.getFirst().object(null, name);
            if (known != null) {
                follower.changed(known);
            }
        }
    }

    synchronized void unfollow(String name) {
        followers.remove(name);
    }

    @Override
    public synchronized void close() {
        reflectors.forEach(Reflector::close);
    }

    private void start(String what, String name) {
        Reflector<Node> reflector = new Reflector<>(what, cluster, nodes(name), new Told());
        reflectors.add(reflector);
        reflector.start();
    }

    private ApiList<Node> nodes(String name) {
        String selector = name.isEmpty() ? "" : "metadata.name=" + name;
        return new ApiList<>(cluster, "/api/v1/nodes", selector, Node.class, NodeList.class);
    }

    private final class Told implements Reflector.Sink<Node> {
        @Override
        public void changed(Node node) {
            Follower follower = followers.get(node.getMetadata().getName());
            if (follower != null) {
                follower.changed(node);
            }
        }

        @Override
        public void gone(Node last) {
            Follower follower = followers.get(last.getMetadata().getName());
            if (follower != null) {
                follower.gone();
            }
        }
    }
}
