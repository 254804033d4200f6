package dev.burstlet.sync;

import dev.burstlet.cluster.Backoff;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.StrategicPatch;
import dev.burstlet.cluster.Worker;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The static pods of a node: run as its manifest directory has them, whatever the API server says,
 * and shown there by mirror pods, which are made again when somebody deletes them and carry the
 * pods' status. Without a directory there are none, and mirror pods that are there nevertheless are
 * removed. Safe for use by many threads.
 */
final class StaticPods implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StaticPods.class);
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final StaticManifests manifests;
    private final NodePods node;
    private final Supplier<Optional<Node>> object;
    private final Worker worker;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private boolean read;
    private final boolean none;
    private final Map<String, Pod> mirrors = new HashMap<>();

    /**
     * A pod that runs or is to.
     *
     * @param leaving its manifest is no more
     */
    private record Entry(Pod pod, boolean sent, boolean leaving, @Nullable PodReport report) {}

    StaticPods(@Nullable Path folder, NodePods node, Supplier<Optional<Node>> object) {
        this.none = folder == null;
        this.manifests = new StaticManifests(folder, node.node(), node.cluster().clock());
        this.node = node;
        this.object = object;
        this.worker =
                new Worker(
                        node.cluster().background(),
                        new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10)),
                        this::step,
                        (error, pause) ->
                                LOG.warn(
                                        "Static pods of node {}: {}",
                                        node.node(),
                                        error.getMessage()));
    }

    /** Whether a pod of the API is only the image of a static one. */
    static boolean isMirror(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(MIRROR);
    }

    /** Reads the manifests, so that it is known which pods on the host are static ones. */
    void begin() {
        try {
            adopt(manifests.read());
        } catch (IOException e) {
            LOG.error("Static pods of node {} cannot be read: {}", node.node(), e.toString());
        }
        worker.poke();
    }

    /** Before the manifests could be read, whatever has the UID of a static pod may be one. */
    synchronized boolean owns(String uid) {
        return entries.containsKey(uid) || (!none && !read && uid.indexOf('-') < 0);
    }

    synchronized void mirrored(Pod pod) {
        mirrors.put(name(pod), pod);
        worker.poke();
    }

    synchronized void mirrorGone(Pod last) {
        @Nullable Pod known = mirrors.get(name(last));
        if (known != null && known.getMetadata().getUid().equals(last.getMetadata().getUid())) {
            mirrors.remove(name(last));
        }
        worker.poke();
    }

    /** What the host tells of one of them. */
    synchronized void reported(PodReport report) {
        String uid = report.key().uid();
        if (report.stage() == PodReport.Stage.REMOVED) {
            entries.remove(uid);
            node.admissions().release(uid);
        } else {
            entries.computeIfPresent(
                    uid, (_, e) -> new Entry(e.pod(), e.sent(), e.leaving(), report));
        }
        worker.poke();
    }

    /** Each with its newest status. */
    synchronized List<Pod> pods() {
        return entries.values().stream()
                .map(entry ->
                        new PodBuilder(entry.pod())
                                .withStatus(
                                        entry.report() == null
                                                ? new PodStatus()
                                                : entry.report().status())
                                .build())
                .toList();
    }

    @Override
    public void close() {
        worker.close();
    }

    private synchronized void adopt(Map<String, Pod> wanted) {
        read = true;
        wanted.forEach((uid, pod) -> entries.putIfAbsent(uid, new Entry(pod, false, false, null)));
        entries.replaceAll(
                (uid, e) -> new Entry(e.pod(), e.sent(), !wanted.containsKey(uid), e.report()));
    }

    private @Nullable Duration step() throws IOException, InterruptedException {
        if (!node.active().getAsBoolean()) {
            return LOOK;
        }
        adopt(manifests.read());
        List<Entry> all;
        synchronized (this) {
            all = new ArrayList<>(entries.values());
        }
        for (Entry entry : all) {
            run(entry, all);
        }
        mirror(all);
        return none ? null : LOOK;
    }

    /** A changed pod begins when the one before it, of the same name, has gone. */
    private void run(Entry entry, List<Entry> all) {
        PodKey key = PodKey.of(entry.pod());
        if (entry.leaving()) {
            if (!entry.sent() && entry.report() == null) {
                forget(key);
            } else {
                node.host().deletePod(key, new Deletion(-1, ""));
            }
            return;
        }
        boolean taken =
                all.stream().anyMatch(e -> e.leaving() && name(e.pod()).equals(name(entry.pod())));
        if (!entry.sent() && !taken) {
            node.admissions().restore(entry.pod());
            node.host()
                    .createPod(
                            PodBundle.of(
                                    node.revisions().incrementAndGet(),
                                    entry.pod(),
                                    node.context().get()));
            synchronized (this) {
                entries.computeIfPresent(
                        key.uid(), (_, e) -> new Entry(e.pod(), true, e.leaving(), e.report()));
            }
        }
    }

    private synchronized void forget(PodKey key) {
        entries.remove(key.uid());
    }

    private void mirror(List<Entry> all) throws InterruptedException {
        Map<String, Pod> there;
        synchronized (this) {
            there = new HashMap<>(mirrors);
        }
        for (Entry entry : all) {
            @Nullable Pod mirror = entry.leaving() ? null : there.remove(name(entry.pod()));
            if (entry.leaving()) {
                continue;
            }
            if (mirror == null) {
                create(entry.pod());
            } else if (!of(mirror, entry.pod())) {
                delete(mirror);
            } else if (entry.report() != null) {
                tell(mirror, entry.report());
            }
        }
        for (Pod orphan : there.values()) {
            delete(orphan);
        }
    }

    private static boolean of(Pod mirror, Pod pod) {
        return mirror.getMetadata().getDeletionTimestamp() == null
                && pod.getMetadata()
                        .getUid()
                        .equals(mirror.getMetadata().getAnnotations().get(MIRROR));
    }

    private void create(Pod pod) throws InterruptedException {
        Optional<Node> owner = object.get();
        if (owner.isEmpty()) {
            return;
        }
        Pod mirror =
                new PodBuilder(pod)
                        .editMetadata()
                        .withUid(null)
                        .addToAnnotations(MIRROR, pod.getMetadata().getUid())
                        .addNewOwnerReference()
                        .withApiVersion("v1")
                        .withKind("Node")
                        .withName(node.node())
                        .withUid(owner.get().getMetadata().getUid())
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .build();
        String path = "/api/v1/namespaces/" + pod.getMetadata().getNamespace() + "/pods";
        try {
            mirrored(node.cluster().call(() -> node.cluster().api().post(path, mirror, Pod.class)));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            // Another pod of that name is there yet; the watch tells when it has gone.
            LOG.debug("mirror of {}: {}", pod.getMetadata().getName(), e.getMessage());
        }
    }

    private void delete(Pod mirror) throws InterruptedException {
        try {
            node.records().delete(PodKey.of(mirror));
        } catch (KubernetesClientException e) {
            if (!PodRecords.meansGone(e)) {
                throw e;
            }
        }
        mirrorGone(mirror);
    }

    private void tell(Pod mirror, PodReport report) throws InterruptedException {
        PodStatus api = Objects.requireNonNullElseGet(mirror.getStatus(), PodStatus::new);
        PodStatus wanted = StatusMerge.merge(api, report.status());
        var changes = StrategicPatch.between(api, wanted);
        if (changes.isEmpty()) {
            return;
        }
        try {
            PodKey key = PodKey.of(mirror);
            node.cluster()
                    .call(Cluster.Budget.STATUS, () -> node.records().patchStatus(key, changes));
        } catch (KubernetesClientException e) {
            if (!PodRecords.meansGone(e)) {
                throw e;
            }
            mirrorGone(mirror);
        }
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }
}
