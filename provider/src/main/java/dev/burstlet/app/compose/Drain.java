package dev.burstlet.app.compose;

import dev.burstlet.app.config.ConfigurationException;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The drain of a node, told through an annotation on it, which the process that plays the node
 * obeys.
 */
public final class Drain {
    /** Present while the node is drained; its value is the reason. */
    public static final String ANNOTATION = "burstlet.dev/drain";

    private Drain() {}

    /** Drains a node for this reason, or with none takes the drain back. */
    public static void node(@Nullable Path kubeconfig, String name, @Nullable String reason) {
        try (KubernetesClient client =
                Clients.connect(kubeconfig == null ? null : kubeconfig.toString())) {
            Node changed =
                    client.nodes()
                            .withName(name)
                            .edit(node -> {
                                NodeBuilder edited = new NodeBuilder(node);
                                edited.editOrNewSpec()
                                        .withUnschedulable(reason != null ? Boolean.TRUE : null)
                                        .endSpec();
                                if (reason == null) {
                                    edited.editMetadata()
                                            .removeFromAnnotations(ANNOTATION)
                                            .endMetadata();
                                } else {
                                    edited.editMetadata()
                                            .addToAnnotations(ANNOTATION, reason)
                                            .endMetadata();
                                }
                                return edited.build();
                            });
            if (changed == null) {
                throw new ConfigurationException("there is no node " + name);
            }
        } catch (KubernetesClientException e) {
            throw new ConfigurationException("node " + name + ": " + e.getMessage());
        }
    }
}
