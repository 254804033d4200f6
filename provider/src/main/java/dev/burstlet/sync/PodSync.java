package dev.burstlet.sync;

import dev.burstlet.cluster.Backoff;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.EventQueue;
import dev.burstlet.cluster.Worker;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.NodeContext;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import dev.burstlet.sync.admission.Admission;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the pods of one node: what the API server wants there and what the host holds are made one,
 * in both directions, from each event and from a sweep of everything. Does nothing before this
 * process keeps the node, has seen a complete list of its pods and knows what the host holds.
 */
public final class PodSync implements Directory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PodSync.class);
    private static final Duration SWEEP = Duration.ofSeconds(60);

    private final String name;
    private final PodWatch watch;
    private final PodLifecycle host;
    private final Consumer<HostDescription> hostChanged;
    private final Admissions admissions;
    private final NodePods node;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    private final Worker sweep;
    private final Supplier<Optional<Node>> object;
    private StaticPods statics;
    private volatile boolean held;
    private volatile boolean listed;
    private volatile boolean known;
    private volatile boolean reachable = true;

    /**
     * Joins a node's pods with their host.
     *
     * @param node the node as the API server has it, once it is known
     * @param context what pods may see of the node
     * @param hostChanged told what the host tells of itself
     */
    public PodSync(
            String name,
            Cluster cluster,
            PodWatch watch,
            ReferencedObjects objects,
            EventQueue events,
            PodLifecycle host,
            Admission admission,
            Supplier<Optional<Node>> node,
            Supplier<NodeContext> context,
            Consumer<HostDescription> hostChanged) {
        this.name = name;
        this.watch = watch;
        this.host = host;
        this.hostChanged = hostChanged;
        this.admissions = new Admissions(admission, node);
        this.object = node;
        this.node =
                new NodePods(
                        name,
                        cluster,
                        host,
                        new PodRecords(cluster),
                        objects,
                        admissions,
                        events,
                        context,
                        this::isActive,
                        this::forget,
                        new AtomicLong(cluster.clock().millis() * 1000),
                        new Semaphore(NodePods.BUNDLES_AT_ONCE, true));
        this.statics = new StaticPods(null, this.node, node);
        this.sweep =
                new Worker(
                        cluster.background(),
                        new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10)),
                        this::sweep,
                        (error, pause) ->
                                LOG.warn(
                                        "Cannot compare the pods of node {} with its host: {}",
                                        name,
                                        error.getMessage()));
    }

    /** Runs the static pods of a manifest directory too; before the start. */
    public void statics(Path folder) {
        statics.close();
        statics = new StaticPods(folder, node, object);
    }

    /** Begins to follow the pods and the host; acts once the node is held. */
    public void start() {
        statics.begin();
        host.listen(new Host());
        watch.follow(name, new Api());
    }

    /** This process keeps the node from now on. */
    public void held() {
        held = true;
        sweep.poke();
    }

    /** Another process keeps the node: nothing is touched any more. */
    public void lost() {
        held = false;
    }

    /** Whether this process acts for the node. */
    public boolean isActive() {
        return held && listed && known;
    }

    /** How many pods are known, those that end included. */
    public int size() {
        return workers.size();
    }

    @Override
    public Optional<Pod> find(String namespace, String podName) {
        Stream<Pod> own =
                workers.values().stream()
                        .filter(worker -> worker.key().namespace().equals(namespace))
                        .filter(worker -> worker.key().name().equals(podName))
                        .map(PodWorker::known)
                        .filter(now -> !now.gone() && now.pod() != null)
                        .map(PodSync::newest);
        return Stream.concat(
                        own,
                        staticPods()
                                .filter(pod -> pod.getMetadata().getName().equals(podName))
                                .filter(pod -> pod.getMetadata().getNamespace().equals(namespace)))
                .findFirst();
    }

    private Stream<Pod> staticPods() {
        return statics.pods().stream();
    }

    private boolean isStatic(PodKey key) {
        return statics.owns(key.uid());
    }

    @Override
    public List<Pod> pods() {
        Stream<Pod> own =
                workers.values().stream()
                        .map(PodWorker::known)
                        .filter(now -> !now.gone() && now.pod() != null)
                        .map(PodSync::newest);
        return Stream.concat(own, staticPods()).toList();
    }

    @Override
    public void close() {
        held = false;
        watch.unfollow(name);
        sweep.close();
        statics.close();
        workers.values().forEach(PodWorker::close);
    }

    private static Pod newest(PodState.Known now) {
        Pod pod = Objects.requireNonNull(now.pod());
        PodReport report = now.report();
        if (report == null || now.isAdopted()) {
            return pod;
        }
        PodStatus api = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        return new Pod(
                pod.getApiVersion(),
                pod.getKind(),
                pod.getMetadata(),
                pod.getSpec(),
                StatusMerge.merge(api, report.status()));
    }

    private Duration sweep() {
        if (!held || !listed) {
            return SWEEP;
        }
        long revision = node.revisions().get();
        List<PodReport> hosted = host.getReports();
        Set<String> uids = new HashSet<>();
        hosted.forEach(report -> uids.add(report.key().uid()));
        if (!known) {
            restore(uids);
        }
        for (PodReport report : hosted) {
            if (!isStatic(report.key())) {
                worker(report.key()).held(report);
            }
        }
        known = true;
        workers.values().stream()
                .sorted(
                        Comparator.comparing((PodWorker worker) -> !worker.hasNewEnd())
                                .thenComparing(PodSync::created))
                .forEach(worker -> worker.swept(uids, revision));
        return SWEEP;
    }

    /** Pods that were taken before this process started are taken, whatever it thinks of them. */
    private void restore(Set<String> onHost) {
        for (PodWorker worker : workers.values()) {
            Pod pod = worker.known().pod();
            if (pod == null || StatusMerge.isTerminal(pod)) {
                continue;
            }
            boolean started = pod.getStatus() != null && pod.getStatus().getStartTime() != null;
            if (started || onHost.contains(worker.key().uid())) {
                admissions.restore(pod);
            }
        }
    }

    private static String created(PodWorker worker) {
        Pod pod = worker.known().pod();
        return pod == null ? "" : pod.getMetadata().getCreationTimestamp();
    }

    private PodWorker worker(PodKey key) {
        return workers.computeIfAbsent(key.uid(), _ -> new PodWorker(node, key));
    }

    private void forget(PodKey key) {
        PodWorker worker = workers.remove(key.uid());
        if (worker != null) {
            worker.close();
        }
        admissions.release(key.uid());
    }

    private final class Api implements PodWatch.Follower {
        @Override
        public void changed(Pod pod) {
            if (StaticPods.isMirror(pod)) {
                statics.mirrored(pod);
                return;
            }
            worker(PodKey.of(pod)).changed(pod);
        }

        @Override
        public void gone(Pod last) {
            if (StaticPods.isMirror(last)) {
                statics.mirrorGone(last);
            }
            PodWorker worker = workers.get(last.getMetadata().getUid());
            if (worker != null) {
                worker.gone();
            }
        }

        @Override
        public void listed() {
            listed = true;
            sweep.poke();
        }
    }

    private final class Host implements PodListener {
        @Override
        public void podReported(PodReport report) {
            if (statics.owns(report.key().uid())) {
                statics.reported(report);
                return;
            }
            PodWorker worker = workers.get(report.key().uid());
            if (worker != null) {
                worker.reported(report);
            } else if (report.stage() != PodReport.Stage.REMOVED) {
                worker(report.key()).reported(report);
            }
        }

        @Override
        public void podEvent(PodEvent event) {
            node.event(event);
        }

        @Override
        public void hostChanged(HostDescription now) {
            hostChanged.accept(now);
            if (now.health().reachable() && !reachable) {
                sweep.poke();
            }
            reachable = now.health().reachable();
        }
    }
}
