package dev.burstlet.deploy.bench;

import dev.burstlet.cluster.Cluster;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Many pods while their control side is away: {@code RestartBench KUBECONFIG NODE PODS ENDERS
 * ROUNDS}. Makes the pods; in each round some more, which end by themselves after a while; says
 * {@code running}; waits for a line, the moment of the restart; and prints how long it took until
 * the API server had the end of each of those, until all others were ready there, and how many of
 * them are lost or were restarted.
 */
public final class RestartBench {
    private static final int CREATORS = 32;
    private static final int EXIT_CODE = 3;

    /** Long enough for the control side to be killed before, short enough to wait for. */
    private static final int LIFE_SECONDS = 20;

    private final KubernetesClient client;
    private final String node;

    private RestartBench(KubernetesClient client, String node) {
        this.client = client;
        this.node = node;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 5) {
            throw new IllegalArgumentException(
                    "KUBECONFIG NODE PODS ENDERS ROUNDS, not " + Arrays.asList(args));
        }
        Config config = Config.fromKubeconfig(Path.of(args[0]).toFile());
        config.setRequestTimeout((int) TimeUnit.MINUTES.toMillis(5));
        try (KubernetesClient client = Cluster.connect(config)) {
            new RestartBench(client, args[1])
                    .run(
                            Integer.parseInt(args[2]),
                            Integer.parseInt(args[3]),
                            Integer.parseInt(args[4]));
        }
    }

    private void run(int pods, int enders, int rounds) throws IOException, InterruptedException {
        BufferedReader input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        long start = System.nanoTime();
        create("stay", pods - enders, "sleep 86400");
        awaitAll("stay", pods - enders, RestartBench::isRunning);
        double took = seconds(start);
        for (int round = 0; round < rounds; round++) {
            System.out.println(round(input, round, pods, enders, took));
        }
    }

    private String round(BufferedReader input, int round, int pods, int enders, double took)
            throws IOException, InterruptedException {
        String end = "end" + round;
        create(end, enders, "sleep " + LIFE_SECONDS + "; exit " + EXIT_CODE);
        awaitAll(end, enders, RestartBench::isRunning);
        Map<String, String> before = containers();
        System.out.println("running");
        input.readLine();
        long restart = System.nanoTime();
        awaitAll(end, enders, RestartBench::isEnded);
        double right = seconds(restart);
        awaitAll("stay", pods - enders, RestartBench::isReady);
        double all = seconds(restart);
        Map<String, String> after = containers();
        long lost = before.keySet().stream().filter(name -> !after.containsKey(name)).count();
        long restarted =
                before.entrySet().stream()
                        .filter(pod -> after.containsKey(pod.getKey()))
                        .filter(pod -> !pod.getValue().equals(after.get(pod.getKey())))
                        .count();
        return String.format(
                Locale.ROOT,
                "%d | %.0f | %d | %.1f | %.0f | %d | %d |",
                pods,
                took,
                enders,
                right,
                all,
                restarted,
                lost);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private void create(String kind, int pods, String script) throws InterruptedException {
        try (ExecutorService creators = Executors.newFixedThreadPool(CREATORS)) {
            List<Callable<Pod>> calls =
                    IntStream.range(0, pods)
                            .mapToObj(i -> pod(kind + "-" + i, kind, script))
                            .map(pod -> (Callable<Pod>) () -> client.resource(pod).create())
                            .toList();
            for (Future<Pod> call : creators.invokeAll(calls)) {
                var _ = call.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a pod could not be created", e);
        }
    }

    private List<Pod> list(String kind) {
        return client.pods().inNamespace("default").withLabel("bench", kind).list().getItems();
    }

    private void awaitAll(String kind, int pods, Predicate<Pod> wanted)
            throws InterruptedException {
        while (list(kind).stream().filter(wanted).count() < pods) {
            // A list of thousands of pods costs the API server what pods need, too.
            TimeUnit.MILLISECONDS.sleep(pods > 1000 ? 5000 : 200);
        }
    }

    private static boolean isRunning(Pod pod) {
        return "Running".equals(pod.getStatus().getPhase());
    }

    /** While its node was away the cluster said that it was not. */
    private static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private static boolean isEnded(Pod pod) {
        return "Failed".equals(pod.getStatus().getPhase())
                && pod.getStatus().getContainerStatuses().getFirst().getState().getTerminated()
                        != null
                && Objects.equals(
                        EXIT_CODE,
                        pod.getStatus()
                                .getContainerStatuses()
                                .getFirst()
                                .getState()
                                .getTerminated()
                                .getExitCode());
    }

    /** What would differ after a restart, by the pods that stay. */
    private Map<String, String> containers() {
        return list("stay").stream()
                .collect(
                        Collectors.toMap(
                                pod -> pod.getMetadata().getName(),
                                RestartBench::identity,
                                (one, other) -> one,
                                HashMap::new));
    }

    private static String identity(Pod pod) {
        ContainerStatus main = pod.getStatus().getContainerStatuses().getFirst();
        return pod.getStatus().getPhase()
                + " "
                + main.getContainerID()
                + " "
                + main.getRestartCount()
                + " "
                + main.getReady();
    }

    private Pod pod(String name, String kind, String script) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .addToLabels("bench", kind)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withRestartPolicy("Never")
                .addNewToleration()
                .withOperator("Exists")
                .endToleration()
                .addNewContainer()
                .withName("main")
                .withImage("busybox:1")
                .withImagePullPolicy("IfNotPresent")
                .withCommand("sh", "-c", script)
                .endContainer()
                .endSpec()
                .build();
    }
}
