package dev.burstlet.deploy.bench;

import dev.burstlet.container.Owner;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.engine.agent.AgentProtocol;
import dev.burstlet.hyper.AgentSpeech;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.NodeContext;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The start of one pod after the other through an agent, in turns with the bare calls of the CRI
 * that such a pod needs: {@code HyperBench SOCKET HANDLER IMAGE ROUNDS PORT PKI PID MEMORY_PODS}.
 * Prints rows of a table.
 */
public final class HyperBench implements AutoCloseable {
    private static final int WARM_UP = 10;
    private static final long REST_MILLIS = 10_000;

    /** What a pod leaves behind when it is removed is cleared away before the next one is timed. */
    private static final long PAUSE_MILLIS = 500;

    private final String handler;
    private final String image;
    private final CriCalls calls;
    private final ProcessUse agent;
    private final Reports reports = new Reports();
    private final AgentProtocol.Remote pods;

    private HyperBench(String[] args) throws IOException {
        handler = args[1];
        image = args[2];
        calls = new CriCalls(Path.of(args[0]), handler, image);
        agent = new ProcessUse(Long.parseLong(args[6]));
        Path pki = Path.of(args[5]);
        AgentEndpoint endpoint =
                new AgentEndpoint(
                        "127.0.0.1",
                        Integer.parseInt(args[4]),
                        new AgentEndpoint.Tls(
                                pki.resolve("ca.pem"),
                                pki.resolve("bench.pem"),
                                pki.resolve("bench.key")),
                        null,
                        Duration.ofSeconds(30));
        Owner owner = new Owner("bench-" + UUID.randomUUID(), "bench");
        pods =
                new AgentSpeech()
                        .connect(
                                endpoint,
                                new PodEngineSettings(owner),
                                "bench",
                                InstantSource.system());
        pods.listen(reports);
        reports.until(() -> reports.reachable);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 8) {
            throw new IllegalArgumentException(
                    "SOCKET HANDLER IMAGE ROUNDS PORT PKI PID MEMORY_PODS");
        }
        try (HyperBench bench = new HyperBench(args)) {
            bench.starts(Integer.parseInt(args[3]));
            int held = Integer.parseInt(args[7]);
            if (held > 0) {
                bench.memory(held);
            }
        }
    }

    private void starts(int rounds) throws InterruptedException {
        List<Double> bare = new ArrayList<>();
        List<Double> through = new ArrayList<>();
        // Machines take so long that their warming up is not seen, nor can it be afforded.
        int warmUp = rounds < 8 ? 1 : WARM_UP;
        for (int i = 0; i < rounds + warmUp; i++) {
            Thread.sleep(PAUSE_MILLIS);
            CriCalls.Run run = calls.run();
            calls.remove(run);
            Thread.sleep(PAUSE_MILLIS);
            Pod pod = pod();
            double took = start(pod);
            remove(pod);
            if (i >= warmUp) {
                bare.add(run.seconds());
                through.add(took);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.3f | %.3f | %.2f | %.3f | %.3f | %.2f |%n",
                handler,
                rounds,
                median(bare),
                median(through),
                median(through) / median(bare),
                Collections.max(bare),
                Collections.max(through),
                ratio(bare, through));
    }

    /**
     * Of each pod through the agent to the bare one just before it: what a change of load spares.
     */
    private static double ratio(List<Double> bare, List<Double> through) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < bare.size(); i++) {
            ratios.add(through.get(i) / bare.get(i));
        }
        return median(ratios);
    }

    private void memory(int count) throws InterruptedException {
        Thread.sleep(REST_MILLIS);
        long none = agent.sample().rssMebibytes();
        List<Pod> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Pod pod = pod();
            var _ = start(pod);
            held.add(pod);
        }
        Thread.sleep(REST_MILLIS);
        long all = agent.sample().rssMebibytes();
        held.forEach(this::remove);
        System.out.printf(
                Locale.ROOT,
                "agent (%s): %d MiB after the rounds above, %d MiB with %d pods: %.2f MiB a pod%n",
                handler,
                none,
                all,
                count,
                (all - none) / (double) count);
    }

    private double start(Pod pod) {
        long begun = System.nanoTime();
        pods.createPod(PodBundle.of(1, pod, NODE));
        await(pod, HyperBench::isRunning);
        return (System.nanoTime() - begun) / 1e9;
    }

    private void remove(Pod pod) {
        pods.deletePod(PodKey.of(pod), new Deletion(0, ""));
        await(pod, report -> report.stage() == Stage.REMOVED);
    }

    private void await(Pod pod, Predicate<PodReport> is) {
        PodKey key = PodKey.of(pod);
        reports.until(() -> reports.last.containsKey(key) && is.test(reports.last.get(key)));
    }

    /** The last that was told of each pod. */
    private static final class Reports implements PodListener {
        private static final Duration PATIENCE = Duration.ofMinutes(5);

        private final Map<PodKey, PodReport> last = new HashMap<>();
        private boolean reachable;

        @Override
        public synchronized void podReported(PodReport report) {
            last.put(report.key(), report);
            notifyAll();
        }

        @Override
        public void podEvent(PodEvent event) {}

        @Override
        public synchronized void hostChanged(HostDescription host) {
            reachable = host.health().reachable();
            notifyAll();
        }

        private synchronized void until(BooleanSupplier holds) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            try {
                while (!holds.getAsBoolean()) {
                    long left = (end - System.nanoTime()) / 1_000_000;
                    if (left <= 0) {
                        throw new IllegalStateException("not told in time: " + last.values());
                    }
                    wait(left);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static boolean isRunning(PodReport report) {
        return "Running".equals(report.status().getPhase())
                && report.status().getContainerStatuses().stream()
                        .allMatch(one -> one.getState().getRunning() != null);
    }

    private Pod pod() {
        String uid = UUID.randomUUID().toString();
        return new PodBuilder()
                .withNewMetadata()
                .withName("bench-" + uid.substring(0, 8))
                .withNamespace("bench")
                .withUid(uid)
                .endMetadata()
                .withNewSpec()
                .withNodeName("bench")
                .withTerminationGracePeriodSeconds(0L)
                .withRestartPolicy("Always")
                .withDnsPolicy("Default")
                .withEnableServiceLinks(false)
                .addNewContainer()
                .withName("main")
                .withImage(image)
                .withImagePullPolicy("Never")
                .withCommand(CriCalls.COMMAND)
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy("File")
                .endContainer()
                .endSpec()
                .build();
    }

    private static final NodeContext NODE =
            new NodeContext(
                    "bench",
                    List.of("127.0.0.1"),
                    Map.of(),
                    new NodeContext.ClusterDns(List.of(), "cluster.local"));

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    @Override
    public void close() throws IOException {
        pods.close();
        calls.close();
    }
}
