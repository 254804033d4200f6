package dev.burstlet.app.compose;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.app.config.ConfigurationException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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
            if (client.nodes().withName(name).get() == null) {
                throw new ConfigurationException("there is no node " + name);
            }
            client.nodes()
                    .withName(name)
                    .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch(reason));
        } catch (KubernetesClientException e) {
            throw new ConfigurationException("node " + name + ": " + e.getMessage());
        }
    }

    private static String patch(@Nullable String reason) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").putObject("annotations").put(ANNOTATION, reason);
        if (reason == null) {
            patch.putObject("spec").putNull("unschedulable");
        } else {
            patch.putObject("spec").put("unschedulable", true);
        }
        return patch.toString();
    }
}
