package dev.burstlet.deploy.bench;

import dev.burstlet.cluster.ApiList;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.Reflector;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Many equal pods on one node, watched from their creation to Running and from deletion to gone.
 */
final class PodWave implements AutoCloseable {
    private static final String NAMESPACE = "default";
    private static final int CREATORS = 32;

    private final KubernetesClient client;
    private final String node;
    private final String image;
    private final String label = "wave-" + Long.toString(System.nanoTime(), 36);
    private final Map<String, Long> created = new ConcurrentHashMap<>();
    private final Map<String, Long> running = new ConcurrentHashMap<>();
    private final Map<String, Long> gone = new ConcurrentHashMap<>();
    private volatile CountDownLatch allRunning = new CountDownLatch(0);
    private volatile CountDownLatch allGone = new CountDownLatch(0);
    private final Cluster cluster;
    private final Reflector<Pod> watch;

    PodWave(KubernetesClient client, String node, String image) {
        this.client = client;
        this.node = node;
        this.image = image;
        this.cluster = new Cluster(client, InstantSource.system());
        this.watch = new Reflector<>("the wave", cluster, new Ours(), new Seen());
        watch.start();
    }

    /** How long it took, in all and for each. */
    record Result(int pods, double seconds, List<Double> sorted) {
        double perSecond() {
            return pods / seconds;
        }

        double percentile(int percent) {
            return sorted.isEmpty()
                    ? 0
                    : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
        }
    }

    Result create(int pods, int perSecond, Duration patience) throws InterruptedException {
        allRunning = new CountDownLatch(pods);
        allGone = new CountDownLatch(pods);
        long start = System.nanoTime();
        Semaphore creators = new Semaphore(CREATORS);
        for (int i = 0; i < pods; i++) {
            if (perSecond > 0) {
                long due = start + i * 1_000_000_000L / perSecond;
                TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            }
            String name = label + "-" + i;
            creators.acquire();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            created.put(name, System.nanoTime());
                            client.resource(pod(name)).create();
                        } finally {
                            creators.release();
                        }
                    });
        }
        await(allRunning, patience, "running");
        return result(start, created, running);
    }

    Result delete(Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        Map<String, Long> asked = new ConcurrentHashMap<>();
        created.keySet().forEach(name -> asked.put(name, start));
        ours().delete();
        await(allGone, patience, "gone");
        return result(start, asked, gone);
    }

    @Override
    public void close() {
        watch.close();
        cluster.close();
    }

    private FilterWatchListDeletable<Pod, PodList, ?> ours() {
        return client.pods().inNamespace(NAMESPACE).withLabel("wave", label);
    }

    private static void await(CountDownLatch latch, Duration patience, String what)
            throws InterruptedException {
        if (!latch.await(patience.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    latch.getCount() + " pods were not " + what + " in time",
                    new TimeoutException());
        }
    }

    private static Result result(long start, Map<String, Long> from, Map<String, Long> to) {
        long end = to.values().stream().mapToLong(Long::longValue).max().orElse(start);
        List<Double> latencies =
                to.entrySet().stream()
                        .mapToDouble(entry ->
                                (entry.getValue() - from.getOrDefault(entry.getKey(), start)) / 1e9)
                        .sorted()
                        .boxed()
                        .toList();
        return new Result(to.size(), (end - start) / 1e9, latencies);
    }

    private Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .addToLabels("wave", label)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewToleration()
                .withOperator("Exists")
                .endToleration()
                .addNewContainer()
                .withName("main")
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withCommand("sh", "-c", "trap 'exit 0' TERM; sleep 86400 & wait")
                .endContainer()
                .endSpec()
                .build();
    }

    /** The namespace's pods of which the wave's are kept. */
    private final class Ours implements Reflector.Source<Pod> {
        private final ApiList<Pod> all =
                new ApiList<>(
                        cluster,
                        "/api/v1/namespaces/" + NAMESPACE + "/pods",
                        "",
                        Pod.class,
                        PodList.class);

        @Override
        public KubernetesResourceList<Pod> list(ListOptions options) {
            return all.list(options);
        }

        @Override
        public Watch watch(ListOptions options, Watcher<Pod> watcher) {
            return all.watch(options, watcher);
        }

        @Override
        public boolean keeps(Pod pod) {
            return label.equals(pod.getMetadata().getLabels().get("wave"));
        }
    }

    private final class Seen implements Reflector.Sink<Pod> {
        @Override
        public void changed(Pod pod) {
            if (pod.getStatus() != null
                    && "Running".equals(pod.getStatus().getPhase())
                    && running.putIfAbsent(pod.getMetadata().getName(), System.nanoTime())
                            == null) {
                allRunning.countDown();
            }
        }

        @Override
        public void gone(Pod last) {
            if (gone.putIfAbsent(last.getMetadata().getName(), System.nanoTime()) == null) {
                allGone.countDown();
            }
        }
    }
}
