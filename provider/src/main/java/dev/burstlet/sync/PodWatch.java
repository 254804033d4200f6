package dev.burstlet.sync;

import dev.burstlet.cluster.ApiList;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.PodReading;
import dev.burstlet.cluster.Reflector;
import dev.burstlet.pod.Slim;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The pods that are bound to our nodes: one watch of all bound pods of which only ours are kept, or
 * one for each node. Pods are kept without managedFields and never changed.
 */
public final class PodWatch implements AutoCloseable {
    private final Cluster cluster;
    private final boolean perNode;
    private final Map<String, Follower> followers = new ConcurrentHashMap<>();
    private final Map<String, Observer> observers = new ConcurrentHashMap<>();
    private final Map<String, Reflector<Pod>> reflectors = new ConcurrentHashMap<>();
    private volatile @Nullable Reflector<Pod> shared;

    /**
     * Nothing is watched before a node is followed.
     *
     * @param perNode whether to ask for the pods of each node by itself, as a node's identity has
     *     to, and as is cheaper for a few nodes of a large cluster
     */
    public PodWatch(Cluster cluster, boolean perNode) {
        this.cluster = cluster;
        this.perNode = perNode;
    }

    /** Has the pods of one node told to somebody else too, before anything is done about them. */
    public void observe(String node, Observer observer) {
        observers.put(node, observer);
    }

    /** Who measures how long a node takes. Must not wait. */
    public interface Observer {
        void seen(Pod pod);

        void gone(Pod last);
    }

    /** Told about the pods of one node, one call at a time. */
    interface Follower {
        void changed(Pod pod);

        void gone(Pod last);

        /** A complete list was seen and told. */
        void listed();
    }

    synchronized void follow(String node, Follower follower) {
        followers.put(node, follower);
        if (perNode) {
            Reflector<Pod> reflector =
                    new Reflector<>(
                            "pods of " + node, cluster, new BoundPods(node), new Told(node));
            reflectors.put(node, reflector);
            reflector.start();
        } else if (shared == null) {
            shared = new Reflector<>("pods", cluster, new BoundPods(""), new Told(""));
            shared.start();
        } else {
            shared.relistSoon();
        }
    }

    synchronized void unfollow(String node) {
        followers.remove(node);
        Reflector<Pod> own = reflectors.remove(node);
        if (own != null) {
            own.close();
        }
    }

    @Override
    public synchronized void close() {
        reflectors.values().forEach(Reflector::close);
        if (shared != null) {
            shared.close();
        }
    }

    private @Nullable Pod known(String node, @Nullable String namespace, String name) {
        Reflector<Pod> reflector = node.isEmpty() ? shared : reflectors.get(node);
        return reflector == null ? null : reflector.object(namespace, name);
    }

    private final class Told implements Reflector.Sink<Pod> {
        private final String node;

        /** For one node, or for all with the empty name. */
        Told(String node) {
            this.node = node;
        }

        @Override
        public void changed(Pod pod) {
            Follower follower = followers.get(pod.getSpec().getNodeName());
            Observer observer = observers.get(pod.getSpec().getNodeName());
            if (observer != null) {
                observer.seen(pod);
            }
            if (follower != null) {
                follower.changed(pod);
            }
        }

        @Override
        public void gone(Pod last) {
            Follower follower = followers.get(last.getSpec().getNodeName());
            Observer observer = observers.get(last.getSpec().getNodeName());
            if (observer != null) {
                observer.gone(last);
            }
            if (follower != null) {
                follower.gone(last);
            }
        }

        @Override
        public void listed() {
            if (node.isEmpty()) {
                followers.values().forEach(Follower::listed);
            } else {
                Follower follower = followers.get(node);
                if (follower != null) {
                    follower.listed();
                }
            }
        }
    }

    /** Bound pods of which those of our nodes are kept. */
    private final class BoundPods implements Reflector.Source<Pod> {
        private final ApiList<Pod> bound;

        private final PodReading reading;

        /** Of one node, or of any with the empty name. */
        BoundPods(String node) {
            String selector = node.isEmpty() ? "!=" : "=" + node;
            this.reading =
                    new PodReading((namespace, name) -> known(node, namespace, name), Slim::of);
            this.bound =
                    new ApiList<>(
                            cluster,
                            "/api/v1/pods",
                            "spec.nodeName" + selector,
                            Pod.class,
                            PodList.class);
        }

        @Override
        public KubernetesResourceList<Pod> list(ListOptions options) {
            KubernetesResourceList<Pod> pods = bound.list(options);
            pods.getItems().forEach(Slim::of);
            return pods;
        }

        @Override
        public Watch watch(ListOptions options, Watcher<Pod> watcher) {
            return bound.watch(options, watcher, reading);
        }

        @Override
        public boolean keeps(Pod pod) {
            String node = pod.getSpec().getNodeName();
            return node != null && followers.containsKey(node);
        }
    }
}
