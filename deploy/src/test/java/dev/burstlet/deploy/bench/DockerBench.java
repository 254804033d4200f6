package dev.burstlet.deploy.bench;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
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
import java.util.EnumMap;
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

    /** What of a pod's calls are made without a node. */
    private enum Calls {
        FEWEST(
                "fewest engine calls: create and start a sandbox and a container in it, inspect",
                "to the fewest"),
        OWN_NETWORK(
                "the same on a network with a subnet of its own, as the pods of a node have",
                "to those on such a network"),
        HOSTS_FILE(
                "these with a volume in RAM and an exec that writes the hosts file into it",
                "to those with the hosts file too, which every pod has");

        private final String what;
        private final String ratio;

        Calls(String what, String ratio) {
            this.what = what;
            this.ratio = ratio;
        }
    }

    private void run(int rounds) {
        String network =
                engine.createNetworkCmd().withName(node).withDriver("bridge").exec().getId();
        Map<Calls, List<Double>> bare = new EnumMap<>(Calls.class);
        List<Double> pods = new ArrayList<>();
        for (int i = 0; i < rounds + WARM_UP; i++) {
            // In turns: who comes first works beside what the pod before has left to do.
            for (int k = 0; k < Calls.values().length; k++) {
                Calls calls = Calls.values()[(i + k) % Calls.values().length];
                double took = bareCalls(calls);
                if (i >= WARM_UP) {
                    bare.computeIfAbsent(calls, _ -> new ArrayList<>()).add(took);
                }
            }
            double pod = pod("bench-" + Long.toString(System.nanoTime(), 36));
            if (i >= WARM_UP) {
                pods.add(pod);
            }
        }
        engine.removeNetworkCmd(network).exec();
        bare.forEach((calls, times) -> row(calls.what, times));
        row("pod through the API server, created to Running", pods);
        bare.forEach((calls, times) -> ratio(calls.ratio, pods, times));
    }

    private double bareCalls(Calls calls) {
        boolean file = calls == Calls.HOSTS_FILE;
        String volume = "bench-" + Long.toString(System.nanoTime(), 36);
        HostConfig shared = HostConfig.newHostConfig().withIpcMode("shareable");
        if (calls != Calls.FEWEST) {
            shared.withNetworkMode(node);
        }
        long start = System.nanoTime();
        if (file) {
            engine.createVolumeCmd()
                    .withName(volume)
                    .withDriverOpts(Map.of("type", "tmpfs", "device", "tmpfs"))
                    .exec();
            shared.withBinds(new Bind(volume, new Volume("/files")));
        }
        String sandbox = start(shared);
        if (file) {
            write(sandbox);
        }
        String inSandbox = "container:" + sandbox;
        String container =
                start(HostConfig.newHostConfig().withNetworkMode(inSandbox).withIpcMode(inSandbox));
        var _ = engine.inspectContainerCmd(container).exec();
        long took = System.nanoTime() - start;
        for (String id : List.of(container, sandbox)) {
            engine.removeContainerCmd(id).withForce(true).exec();
        }
        if (file) {
            engine.removeVolumeCmd(volume).exec();
        }
        return took / 1e9;
    }

    private String start(HostConfig config) {
        String id =
                engine.createContainerCmd(image)
                        .withCmd(COMMAND)
                        .withHostConfig(config)
                        .exec()
                        .getId();
        engine.startContainerCmd(id).exec();
        return id;
    }

    private void write(String sandbox) {
        String exec =
                engine.execCreateCmd(sandbox)
                        .withCmd("sh", "-c", "echo 127.0.0.1 localhost > /files/hosts")
                        .withAttachStdout(true)
                        .exec()
                        .getId();
        try {
            engine.execStartCmd(exec).exec(new ResultCallback.Adapter<>()).awaitCompletion();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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
        // With grace: the object stays until the containers are gone, and nothing is left to do.
        cluster.resource(pod).withGracePeriod(1).delete();
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

    private static void ratio(String what, List<Double> pods, List<Double> calls) {
        System.out.println(
                String.format(
                        Locale.ROOT,
                        "| ratio %s | | %.2f | %.2f |",
                        what,
                        percentile(pods, 50) / percentile(calls, 50),
                        percentile(pods, 99) / percentile(calls, 99)));
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
