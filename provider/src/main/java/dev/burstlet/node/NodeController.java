package dev.burstlet.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.cluster.Backoff;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.EventQueue;
import dev.burstlet.cluster.Worker;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.NodeContext;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one virtual node: first its lease, so that no other process does; then the Node object,
 * created where it lacks, with what is ours as it should be and what is others' as it is. Closing
 * leaves the node as it is, except that another process may take it at once.
 */
public final class NodeController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeController.class);

    private final Cluster cluster;
    private final NodeWatch watch;
    private final NodeSettings settings;
    private final EventQueue events;
    private final NodeListener listener;
    private final NodeLease lease;
    private final Worker worker;
    private final Object lock = new Object();
    private @Nullable Node node;

    /** The object that was deleted: an answer about it may still be under way. */
    private @Nullable String gone;

    private volatile HostDescription host;
    private volatile String drained = "";
    private volatile String network = "";
    private volatile boolean byAnnotation;
    private volatile @Nullable NodeContext context;
    private @Nullable Instant written;
    private String told = "";

    public NodeController(
            Cluster cluster,
            NodeWatch watch,
            NodeSettings settings,
            HostDescription host,
            EventQueue events,
            NodeListener listener) {
        this.cluster = cluster;
        this.watch = watch;
        this.settings = settings;
        this.host = host;
        this.events = events;
        this.listener = listener;
        this.lease =
                new NodeLease(
                        cluster, settings, Holder.self(settings.slot()), this::uid, new Claimed());
        this.worker =
                new Worker(
                        cluster.background(),
                        new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10)),
                        this::step,
                        this::failed);
    }

    public void start() {
        watch.follow(settings.name(), new Told());
        lease.start();
    }

    /** The host is no longer what it was. */
    public void hostChanged(HostDescription now) {
        host = now;
        context = null;
        worker.poke();
    }

    /** Takes the node out of service and says so; lasts until the process ends. */
    public void drain(String why) {
        drained = why.isEmpty() ? "burstlet drain" : "burstlet drain: " + why;
        worker.poke();
    }

    /** The node's own word on its drain: a reason, or null while it is to take pods. */
    public void drainedBy(@Nullable String why) {
        if (why != null && drained.isEmpty()) {
            byAnnotation = true;
            drain(why);
        } else if (why == null && byAnnotation) {
            byAnnotation = false;
            drained = "";
            worker.poke();
        }
    }

    /** Why the node's pods have no network, or not the one that they should have; or empty. */
    public void networkTrouble(String why) {
        network = why;
        worker.poke();
    }

    private Troubles troubles() {
        return new Troubles(drained, network);
    }

    /** Whether the API server has been told of the drain. */
    public boolean isDrained() {
        return node().flatMap(NodeController::ready).filter("NodeDrain"::equals).isPresent();
    }

    /** Whether this process keeps the node. */
    public boolean isHeld() {
        return lease.held();
    }

    /** The node as the API server last had it. */
    public Optional<Node> node() {
        synchronized (lock) {
            return Optional.ofNullable(node);
        }
    }

    public NodeSettings settings() {
        return settings;
    }

    /** What pods may see of the node. */
    public NodeContext context() {
        NodeContext known = context;
        if (known == null) {
            known = seenByPods();
            context = known;
        }
        return known;
    }

    private NodeContext seenByPods() {
        List<String> ips =
                settings.endpoint().addresses().stream()
                        .filter(address -> address.getType().equals("InternalIP"))
                        .map(NodeAddress::getAddress)
                        .toList();
        NodeStatus status = new NodeShape(settings, host).status(known(), now(), Troubles.NONE);
        return new NodeContext(settings.name(), ips, status.getAllocatable(), settings.dns());
    }

    /** Ends the writing; conditions stay as they are. */
    @Override
    public void close() {
        watch.unfollow(settings.name());
        worker.close();
        lease.close();
    }

    private @Nullable Duration step() throws InterruptedException {
        if (!lease.held()) {
            return null;
        }
        Node current = node().orElse(null);
        if (current == null) {
            current = readOrCreate();
        }
        ObjectNode meta = patches(current).metadataAndSpec();
        if (!meta.isEmpty()) {
            current = patch(meta, "");
        }
        return writeStatus(current);
    }

    private NodePatches patches(Node current) {
        return new NodePatches(settings, host, current, troubles());
    }

    private @Nullable Duration writeStatus(Node current) throws InterruptedException {
        Instant now = now();
        Instant last = written;
        NodeSettings.Timing timing = settings.timing();
        if (last != null && now.isBefore(last.plus(timing.status()))) {
            if (patches(current).statusChanges(now).isEmpty()) {
                return untilNext(last, now);
            }
            if (now.isBefore(last.plus(timing.statusPause()))) {
                return Duration.between(now, last.plus(timing.statusPause()));
            }
        }
        Node after = patch(patches(current).status(now), "/status");
        written = now;
        tell(after);
        return untilNext(now, now);
    }

    /** Until the next heartbeat, or until a silent host has been silent for too long. */
    private Duration untilNext(Instant last, Instant now) {
        Instant next = last.plus(settings.timing().status());
        HostDescription.Health health = host.health();
        Instant patienceEnds = health.since().plus(settings.timing().unhealthy());
        if (!health.reachable() && patienceEnds.isAfter(now) && patienceEnds.isBefore(next)) {
            next = patienceEnds;
        }
        return Duration.between(now, next).plusMillis(10);
    }

    private Node readOrCreate() throws InterruptedException {
        Node there =
                cluster.<@Nullable Node>call(
                        () -> cluster.client().nodes().withName(settings.name()).get());
        if (there == null) {
            NodeShape shape = new NodeShape(settings, host);
            Node wanted = shape.created(shape.status(new NodeStatus(), now(), troubles()));
            there =
                    cluster.call(
                            Cluster.Budget.NODE,
                            () -> cluster.client().nodes().resource(wanted).create());
            LOG.info("Node {} registered", settings.name());
            written = null;
        }
        there.getMetadata().setManagedFields(List.of());
        take(there);
        lease.poke();
        return there;
    }

    private Node patch(ObjectNode patch, String subresource) throws InterruptedException {
        try {
            String path = "/api/v1/nodes/" + settings.name() + subresource;
            Node after =
                    cluster.call(
                            Cluster.Budget.NODE,
                            () -> cluster.api().patch(path, patch, Node.class));
            take(after);
            return after;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                    || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                forget();
            }
            throw e;
        }
    }

    private void tell(Node after) {
        String ready = ready(after).orElse("");
        if (ready.equals(told)) {
            return;
        }
        told = ready;
        String reason = ready.equals("KubeletReady") ? "NodeReady" : "NodeNotReady";
        events.add(
                new EventQueue.Occurrence(
                        new ObjectReferenceBuilder()
                                .withKind("Node")
                                .withName(settings.name())
                                .withUid(settings.name())
                                .build(),
                        "Normal",
                        reason,
                        "Node " + settings.name() + " status is now: " + reason,
                        settings.name(),
                        now()));
    }

    private static Optional<String> ready(Node node) {
        return node.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .map(condition -> condition.getReason())
                .findFirst();
    }

    /** The newer of what we have and this. */
    private void take(Node seen) {
        synchronized (lock) {
            boolean late = seen.getMetadata().getUid().equals(gone);
            if (late || (node != null && isOlder(seen, node))) {
                return;
            }
            node = seen;
            context = null;
        }
        listener.nodeChanged(seen);
    }

    private void forget() {
        synchronized (lock) {
            node = null;
        }
    }

    private static boolean isOlder(Node one, Node other) {
        return Long.parseLong(one.getMetadata().getResourceVersion())
                < Long.parseLong(other.getMetadata().getResourceVersion());
    }

    private NodeStatus known() {
        return node().map(Node::getStatus).orElseGet(NodeStatus::new);
    }

    private @Nullable String uid() {
        return node().map(known -> known.getMetadata().getUid()).orElse(null);
    }

    private Instant now() {
        return cluster.clock().instant();
    }

    private void failed(Exception error, Duration pause) {
        LOG.warn(
                "Cannot write node {}, again in {} ms: {}",
                settings.name(),
                pause.toMillis(),
                error.getMessage());
    }

    private final class Told implements NodeWatch.Follower {
        @Override
        public void changed(Node seen) {
            take(seen);
            worker.poke();
        }

        @Override
        public void gone() {
            synchronized (lock) {
                if (node != null) {
                    gone = node.getMetadata().getUid();
                }
                node = null;
            }
            worker.poke();
        }
    }

    private final class Claimed implements NodeListener {
        @Override
        public void held() {
            worker.poke();
            listener.held();
        }

        @Override
        public void lost(String holder) {
            listener.lost(holder);
        }

        @Override
        public void waiting(String holder) {
            listener.waiting(holder);
        }
    }
}
