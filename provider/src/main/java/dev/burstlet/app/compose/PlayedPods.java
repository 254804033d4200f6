package dev.burstlet.app.compose;

import dev.burstlet.app.config.Node;
import dev.burstlet.app.play.Manifest;
import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.PodEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.NodeContext;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The pods of one manifest on one engine, without a cluster. What is on the engine under the same
 * name and is not in the manifest any more is removed. Safe for use by many threads.
 */
public final class PlayedPods implements AutoCloseable {
    private static final String STANDALONE = "standalone";

    private final ContainerEngine engine;
    private final PodEngine pods;
    private final Consumer<String> out;
    private final Map<String, PodReport> reports = new HashMap<>();
    private final Set<String> wanted = new HashSet<>();

    /**
     * Opens the engine.
     *
     * @param name of the play: its pods are found again under it
     * @param podSubnet of the pods' network, or null for the engine's choice
     * @param out takes what happens, line by line
     */
    public PlayedPods(Node host, String name, @Nullable String podSubnet, Consumer<String> out) {
        Owner owner = new Owner(STANDALONE, name);
        this.out = out;
        this.engine = Engines.open(host);
        this.pods =
                new PodEngine(
                        engine,
                        new PodEngineSettings(owner)
                                .withNetwork(new NetworkSpec(owner, podSubnet, null)),
                        InstantSource.system());
    }

    /** Starts the pods, or takes them over as they run. */
    public void play(Manifest manifest) {
        pods.listen(new Told());
        HostDescription host = pods.describeHost();
        NodeContext node =
                new NodeContext(
                        STANDALONE,
                        List.of("127.0.0.1"),
                        host.capacity(),
                        new NodeContext.ClusterDns(List.of(), "cluster.local"));
        List<PodBundle> bundles = manifest.bundles(node);
        synchronized (this) {
            bundles.forEach(bundle -> wanted.add(bundle.key().uid()));
        }
        bundles.forEach(pods::createPod);
        for (HostedPod hosted : pods.getPods()) {
            if (!isWanted(hosted.key())) {
                pods.deletePod(hosted.key(), new Deletion(-1, ""));
            }
        }
    }

    /**
     * Waits until every pod has ended by itself.
     *
     * @return whether all have succeeded
     */
    public synchronized boolean awaitEnd() throws InterruptedException {
        while (!all(report -> report.stage() == Stage.FINISHED)) {
            wait();
        }
        return all(report -> "Succeeded".equals(report.status().getPhase()));
    }

    /** Ends and removes them, each with its grace period; returns when nothing is left. */
    public void remove() throws InterruptedException {
        pods.getPods().forEach(pod -> pods.deletePod(pod.key(), new Deletion(-1, "")));
        synchronized (this) {
            while (!all(report -> report.stage() == Stage.REMOVED)) {
                wait();
            }
        }
    }

    private boolean all(Predicate<PodReport> is) {
        return wanted.stream()
                .allMatch(uid -> {
                    @Nullable PodReport report = reports.get(uid);
                    return report != null && is.test(report);
                });
    }

    private synchronized boolean isWanted(PodKey key) {
        return wanted.contains(key.uid());
    }

    @Override
    public void close() {
        pods.close();
        engine.close();
    }

    private final class Told implements PodListener {
        @Override
        public void podReported(PodReport report) {
            @Nullable PodReport before;
            synchronized (PlayedPods.this) {
                before = reports.put(report.key().uid(), report);
                PlayedPods.this.notifyAll();
            }
            String now = words(report);
            if (before == null || !now.equals(words(before))) {
                out.accept("pod/" + report.key().name() + " " + now);
            }
        }

        private String words(PodReport report) {
            String ip = report.status().getPodIP();
            return report.stage() == Stage.REMOVED
                    ? "removed"
                    : report.status().getPhase() + (ip == null ? "" : " " + ip);
        }

        @Override
        public void podEvent(PodEvent event) {
            out.accept(
                    "pod/%s %s %s: %s"
                            .formatted(
                                    event.key().name(),
                                    event.type() == PodEvent.Type.WARNING ? "Warning" : "Normal",
                                    event.reason(),
                                    event.message()));
        }

        @Override
        public void hostChanged(HostDescription host) {}
    }
}
