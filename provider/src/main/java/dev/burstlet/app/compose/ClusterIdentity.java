package dev.burstlet.app.compose;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which cluster it is: the UID of its kube-system namespace, by which containers of one cluster are
 * told from those of another on the same engine.
 */
final class ClusterIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterIdentity.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private ClusterIdentity() {}

    /** Waits until the API server tells; never gives up. */
    static String await(KubernetesClient client) throws InterruptedException {
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                return ask(client);
            } catch (KubernetesClientException e) {
                LOG.warn(
                        "The API server {} does not answer: {}",
                        client.getMasterUrl(),
                        e.getMessage());
            }
            Thread.sleep(pause);
        }
    }

    private static String ask(KubernetesClient client) {
        try {
            Namespace system = client.namespaces().withName("kube-system").get();
            if (system == null) {
                throw new KubernetesClientException("it has no kube-system namespace");
            }
            return system.getMetadata().getUid();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            // A node's own identity may not read namespaces; its cluster's authority is as unique.
            return UUID.nameUUIDFromBytes(authority(client).getBytes(StandardCharsets.UTF_8))
                    .toString();
        }
    }

    /** The same whether the kubeconfig holds the authority or names its file. */
    private static String authority(KubernetesClient client) {
        Config config = client.getConfiguration();
        if (config.getCaCertData() != null) {
            return config.getCaCertData();
        }
        if (config.getCaCertFile() == null) {
            return client.getMasterUrl().toString();
        }
        try {
            byte[] pem = Files.readAllBytes(Path.of(config.getCaCertFile()));
            return Base64.getEncoder().encodeToString(pem);
        } catch (IOException e) {
            throw new KubernetesClientException("cannot read its certificate authority", e);
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
