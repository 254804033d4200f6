package dev.burstlet.deploy;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.testing.ControlPlane;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all tests of the whole share: the control plane, the engine, and one Burstlet process that
 * plays one node. Whoever kills that process starts it again before the test ends.
 */
final class World {
    static final String NODE = "it-docker";

    private static @Nullable World shared;

    private final ControlPlane controlPlane = ControlPlane.get();
    private final Docker docker = Docker.get();
    private final KubernetesClient client = Cluster.connect(controlPlane.admin());
    private final BurstletProcess burstlet =
            new BurstletProcess(NODE, docker, controlPlane.kubeconfig(), client);

    private World() {
        String cluster = cluster();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    burstlet.kill();
                                    docker.sweep(cluster);
                                },
                                "sweep"));
        burstlet.start();
    }

    static synchronized World get() {
        World known = shared;
        if (known == null) {
            known = new World();
            shared = known;
        }
        return known;
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    Docker docker() {
        return docker;
    }

    KubernetesClient client() {
        return client;
    }

    BurstletProcess burstlet() {
        return burstlet;
    }

    /** A namespace for one test. */
    Scene scene() {
        return new Scene(this, NODE, docker);
    }

    Command kubectl(String... arguments) {
        return kubectl(controlPlane, arguments);
    }

    static Command kubectl(ControlPlane controlPlane, String... arguments) {
        String[] line = new String[arguments.length + 1];
        line[0] = "kubectl";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        return Command.run(Map.of("KUBECONFIG", controlPlane.kubeconfig().toString()), line);
    }

    /** How Burstlet names this cluster in the labels of its containers. */
    String cluster() {
        return client.namespaces().withName("kube-system").get().getMetadata().getUid();
    }
}
