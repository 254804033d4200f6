package dev.burstlet.deploy.bench;

import dev.burstlet.cluster.Cluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes pods on many nodes and leaves them: {@code ManyPods KUBECONFIG NODE_PREFIX NODES PODS}. One
 * that cannot be made is tried again.
 */
public final class ManyPods {
    private static final int CREATORS = 32;

    private final KubernetesClient client;
    private final String prefix;
    private final int nodes;

    private ManyPods(KubernetesClient client, String prefix, int nodes) {
        this.client = client;
        this.prefix = prefix;
        this.nodes = nodes;
    }

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 4) {
            throw new IllegalArgumentException(
                    "KUBECONFIG NODE_PREFIX NODES PODS, not " + Arrays.asList(args));
        }
        Config config = Config.fromKubeconfig(Path.of(args[0]).toFile());
        config.setRequestTimeout((int) TimeUnit.MINUTES.toMillis(1));
        try (KubernetesClient client = Cluster.connect(config)) {
            new ManyPods(client, args[1], Integer.parseInt(args[2]))
                    .create(Integer.parseInt(args[3]));
        }
    }

    private void create(int pods) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService creators = Executors.newFixedThreadPool(CREATORS)) {
            for (int i = 0; i < CREATORS; i++) {
                creators.execute(() -> {
                    int number;
                    while ((number = next.getAndIncrement()) < pods) {
                        create(pod(number));
                    }
                });
            }
            creators.shutdown();
            if (!creators.awaitTermination(2, TimeUnit.HOURS)) {
                throw new IllegalStateException("pods are not made after two hours");
            }
        }
    }

    private void create(Pod pod) {
        for (int tries = 0; ; tries++) {
            try {
                client.resource(pod).create();
                return;
            } catch (KubernetesClientException e) {
                if (tries > 10) {
                    throw e;
                }
            }
        }
    }

    private Pod pod(int number) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("pod-" + number)
                .withNamespace("default")
                .addToLabels("bench", "simulated")
                .endMetadata()
                .withNewSpec()
                .withNodeName(prefix + number % nodes)
                .addNewToleration()
                .withOperator("Exists")
                .endToleration()
                .addNewContainer()
                .withName("main")
                .withImage("busybox:1")
                .withImagePullPolicy("IfNotPresent")
                .withCommand("sh", "-c", "sleep 86400")
                .endContainer()
                .endSpec()
                .build();
    }
}
