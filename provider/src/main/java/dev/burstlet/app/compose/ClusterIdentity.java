package dev.burstlet.app.compose;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
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
            String authority =
                    Objects.requireNonNullElse(
                            client.getConfiguration().getCaCertData(),
                            client.getMasterUrl().toString());
            return UUID.nameUUIDFromBytes(authority.getBytes(StandardCharsets.UTF_8)).toString();
        }
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
