package dev.burstlet.deploy.bench;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.HostConfig;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.container.EngineSettings;
import dev.burstlet.docker.client.EngineClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The start of one pod after the other on a Docker node, from the creation of its object to
 * Running, in turns with the bare engine calls that such a pod needs: {@code DockerBench KUBECONFIG
 * NODE ENDPOINT IMAGE ROUNDS}. Prints a table.
 */
public final class DockerBench {
    private static final String[] COMMAND = {"sleep", "86400"};
    private static final int WARM_UP = 3;

    private final KubernetesClient cluster;
    private final DockerClient engine;
    private final String node;
    private final String image;

    private DockerBench(KubernetesClient cluster, DockerClient engine, String node, String image) {
        this.cluster = cluster;
        this.engine = engine;
        this.node = node;
        this.image = image;
    }

    public static void main(String[] args) {
        if (args.length != 5) {
            throw new IllegalArgumentException(
                    "KUBECONFIG NODE ENDPOINT IMAGE ROUNDS, not " + Arrays.asList(args));
        }
        EngineSettings settings =
                new EngineSettings(
                        "bench", args[2], null, false, Duration.ofMinutes(1), 4, Map.of());
        try (KubernetesClient cluster =
                        Cluster.connect(Config.fromKubeconfig(Path.of(args[0]).toFile()));
                EngineClient engine = new EngineClient(settings)) {
            new DockerBench(cluster, engine.docker(), args[1], args[3])
                    .run(Integer.parseInt(args[4]));
        }
    }

    private void run(int rounds) {
        List<Double> bare = new ArrayList<>();
        List<Double> pods = new ArrayList<>();
        for (int i = 0; i < rounds + WARM_UP; i++) {
            double calls = bareCalls();
            double pod = pod("bench-" + Long.toString(System.nanoTime(), 36));
            if (i >= WARM_UP) {
                bare.add(calls);
                pods.add(pod);
            }
        }
        row("bare engine calls (create and start a sandbox and a container in it, inspect)", bare);
        row("pod through the API server, created to Running", pods);
        System.out.println(
                String.format(
                        Locale.ROOT,
                        "| ratio | | %.2f | %.2f |",
                        percentile(pods, 50) / percentile(bare, 50),
                        percentile(pods, 99) / percentile(bare, 99)));
    }

    private double bareCalls() {
        long start = System.nanoTime();
        String sandbox =
                engine.createContainerCmd(image)
                        .withCmd(COMMAND)
                        .withHostConfig(HostConfig.newHostConfig().withIpcMode("shareable"))
                        .exec()
                        .getId();
        engine.startContainerCmd(sandbox).exec();
        String inSandbox = "container:" + sandbox;
        String container =
                engine.createContainerCmd(image)
                        .withCmd(COMMAND)
                        .withHostConfig(
                                HostConfig.newHostConfig()
                                        .withNetworkMode(inSandbox)
                                        .withIpcMode(inSandbox))
                        .exec()
                        .getId();
        engine.startContainerCmd(container).exec();
        var _ = engine.inspectContainerCmd(container).exec();
        long took = System.nanoTime() - start;
        for (String id : List.of(container, sandbox)) {
            engine.removeContainerCmd(id).withForce(true).exec();
        }
        return took / 1e9;
    }

    private double pod(String name) {
        PodResource resource = cluster.pods().inNamespace("default").withName(name);
        long start = System.nanoTime();
        Pod pod = cluster.resource(wanted(name)).create();
        resource.waitUntilCondition(
                now ->
                        now != null
                                && now.getStatus() != null
                                && "Running".equals(now.getStatus().getPhase()),
                1,
                TimeUnit.MINUTES);
        long took = System.nanoTime() - start;
        cluster.resource(pod).withGracePeriod(0).delete();
        resource.waitUntilCondition(now -> now == null, 1, TimeUnit.MINUTES);
        return took / 1e9;
    }

    private Pod wanted(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .addNewToleration()
                .withOperator("Exists")
                .endToleration()
                .addNewContainer()
                .withName("main")
                .withImage(image)
                .withImagePullPolicy("Never")
                .withCommand(COMMAND)
                .endContainer()
                .endSpec()
                .build();
    }

    private static void row(String what, List<Double> seconds) {
        System.out.println(
                String.format(
                        Locale.ROOT,
                        "| %s | %d | %.3f | %.3f |",
                        what,
                        seconds.size(),
                        percentile(seconds, 50),
                        percentile(seconds, 99)));
    }

    private static double percentile(List<Double> values, int percent) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
