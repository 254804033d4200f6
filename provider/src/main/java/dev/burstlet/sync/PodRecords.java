package dev.burstlet.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.StrategicPatch;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The API calls on one pod. Each is for that UID alone. */
final class PodRecords {
    private static final PatchContext STRATEGIC = PatchContext.of(PatchType.STRATEGIC_MERGE);

    private final Cluster cluster;

    PodRecords(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The pod as it is now, read past every cache; null where it is no more. */
    @Nullable Pod read(PodKey key) throws InterruptedException {
        Pod there =
                cluster.<@Nullable Pod>call(() ->
                        cluster.client()
                                .pods()
                                .inNamespace(key.namespace())
                                .withName(key.name())
                                .get());
        if (there == null || !there.getMetadata().getUid().equals(key.uid())) {
            return null;
        }
        return slim(there);
    }

    /**
     * Patches the status. To be called within {@link Cluster#call}.
     *
     * @throws KubernetesClientException see {@link #meansGone}
     */
    Pod patchStatus(PodKey key, ObjectNode status) {
        ObjectNode patch = StrategicPatch.object();
        patch.putObject("metadata").put("uid", key.uid());
        patch.set("status", status);
        return slim(
                cluster.client()
                        .pods()
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .subresource("status")
                        .patch(STRATEGIC, patch.toString()));
    }

    /** Removes the object at once. */
    void delete(PodKey key) throws InterruptedException {
        var options =
                new DeleteOptionsBuilder()
                        .withApiVersion("v1")
                        .withKind("DeleteOptions")
                        .withGracePeriodSeconds(0L)
                        .withNewPreconditions()
                        .withUid(key.uid())
                        .endPreconditions()
                        .build();
        String path = "/api/v1/namespaces/" + key.namespace() + "/pods/" + key.name();
        cluster.call(() -> String.valueOf(cluster.client().raw(path, "DELETE", options)));
    }

    /** Whether a refusal means that there is no pod of this name and UID. */
    static boolean meansGone(KubernetesClientException error) {
        return error.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                || (error.getCode() == HttpURLConnection.HTTP_CONFLICT
                        && String.valueOf(error.getMessage()).contains("UID"));
    }

    private static Pod slim(Pod fresh) {
        fresh.getMetadata().setManagedFields(List.of());
        return fresh;
    }
}
