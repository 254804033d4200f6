package dev.burstlet.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.StrategicPatch;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/** The API calls on one pod. Each is for that UID alone. */
final class PodRecords {
    private static final int UNPROCESSABLE = 422;

    private final Cluster cluster;

    PodRecords(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The pod as it is now, read past every cache; null where it is no more. */
    @Nullable Pod read(PodKey key) throws InterruptedException {
        return cluster.call(() -> cluster.api().get(path(key), Pod.class))
                .filter(there -> there.getMetadata().getUid().equals(key.uid()))
                .orElse(null);
    }

    /**
     * Patches the status. To be called within {@link Cluster#call}.
     *
     * @return the object's new version
     * @throws KubernetesClientException see {@link #meansGone}
     */
    String patchStatus(PodKey key, ObjectNode status) {
        ObjectNode patch = StrategicPatch.object();
        patch.putObject("metadata").put("uid", key.uid());
        patch.set("status", status);
        return cluster.api().patchVersion(path(key) + "/status", patch);
    }

    /** Removes the object at once. */
    void delete(PodKey key) throws InterruptedException {
        cluster.call(
                Cluster.Budget.STATUS,
                () -> {
                    cluster.api().delete(path(key), key.uid());
                    return key;
                });
    }

    /** Whether a refusal means that there is no pod of this name and UID. */
    static boolean meansGone(KubernetesClientException error) {
        return error.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                || (error.getCode() == HttpURLConnection.HTTP_CONFLICT
                        && String.valueOf(error.getMessage()).contains("UID"))
                || (error.getCode() == UNPROCESSABLE
                        && String.valueOf(error.getMessage()).contains("metadata.uid"));
    }

    private static String path(PodKey key) {
        return "/api/v1/namespaces/" + key.namespace() + "/pods/" + key.name();
    }
}
