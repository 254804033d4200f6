package dev.burstlet.app.compose;

import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.measure.RestClientMeter;
import dev.burstlet.cluster.Cluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Clients of the API server from what the configuration says. */
final class Clients {
    private static final Path IN_CLUSTER =
            Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    private Clients() {}

    /**
     * From a kubeconfig file, or without one from the service account of the pod that we are in.
     */
    static KubernetesClient connect(@Nullable String kubeconfig) {
        return Cluster.connect(config(kubeconfig));
    }

    /** The same, its requests counted. */
    static KubernetesClient connect(@Nullable String kubeconfig, MeterRegistry registry) {
        RestClientMeter meter = new RestClientMeter(registry);
        return Cluster.connect(
                config(kubeconfig),
                builder -> builder.addOrReplaceInterceptor("burstlet-meter", meter));
    }

    private static Config config(@Nullable String kubeconfig) {
        if (kubeconfig == null) {
            if (!Files.exists(IN_CLUSTER) || System.getenv("KUBERNETES_SERVICE_HOST") == null) {
                throw new ConfigurationException(
                        "no API server: give --kubeconfig FILE (or cluster.kubeconfig), or run in a pod");
            }
            return new ConfigBuilder().build();
        }
        Path file = Path.of(kubeconfig);
        if (!Files.isReadable(file)) {
            throw new ConfigurationException("cannot read the kubeconfig " + file);
        }
        try {
            return Config.fromKubeconfig(file.toFile());
        } catch (KubernetesClientException | IllegalArgumentException e) {
            throw new ConfigurationException(
                    "the kubeconfig " + file + " cannot be used: " + e.getMessage());
        }
    }
}
