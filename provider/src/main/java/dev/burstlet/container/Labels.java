package dev.burstlet.container;

import dev.burstlet.pod.PodKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The labels on everything that Burstlet makes on an engine: with the API server the only memory
 * there is. Hashes, never contents.
 */
public final class Labels {
    public static final String CLUSTER = "dev.burstlet.cluster";
    public static final String NODE = "dev.burstlet.node";
    public static final String KIND = "dev.burstlet.kind";
    public static final String POD_UID = "io.kubernetes.pod.uid";
    public static final String POD_NAME = "io.kubernetes.pod.name";
    public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    public static final String CONTAINER_NAME = "io.kubernetes.container.name";
    public static final String ATTEMPT = "dev.burstlet.attempt";

    /** {@link ContainerKind}, lower case. */
    public static final String CONTAINER_KIND = "dev.burstlet.container-kind";

    /** Of what makes a container another one when it changes: name and image. */
    public static final String HASH = "dev.burstlet.hash";

    /** Seconds, so that an orphan can be ended properly. */
    public static final String GRACE_PERIOD = "dev.burstlet.grace-period";

    /** What else that takes: the preStop hook, as JSON of a container's spec. */
    public static final String ORPHAN = "dev.burstlet.orphan";

    public static final String TERMINATION_MESSAGE_PATH = "dev.burstlet.termination-message-path";
    public static final String TERMINATION_MESSAGE_POLICY =
            "dev.burstlet.termination-message-policy";

    private Labels() {}

    /** The labels of a sandbox. */
    public static Map<String, String> sandbox(Owner owner, PodKey pod, int attempt) {
        Map<String, String> labels = pod(owner, pod);
        labels.put(KIND, "sandbox");
        labels.put(ATTEMPT, Integer.toString(attempt));
        return labels;
    }

    /** The labels of a container, to which the engine's user adds its own. */
    public static Map<String, String> container(
            Owner owner, PodKey pod, String name, ContainerKind kind, int attempt, String hash) {
        Map<String, String> labels = pod(owner, pod);
        labels.put(KIND, "container");
        labels.put(CONTAINER_NAME, name);
        labels.put(CONTAINER_KIND, kind.label());
        labels.put(ATTEMPT, Integer.toString(attempt));
        labels.put(HASH, hash);
        return labels;
    }

    /** The labels of anything else that belongs to a pod: a volume. */
    public static Map<String, String> volume(Owner owner, PodKey pod) {
        Map<String, String> labels = pod(owner, pod);
        labels.put(KIND, "volume");
        return labels;
    }

    /** The pod that something is of, if it carries our labels. */
    public static Optional<PodKey> podKey(Map<String, String> labels) {
        @Nullable String uid = labels.get(POD_UID);
        @Nullable String name = labels.get(POD_NAME);
        @Nullable String namespace = labels.get(POD_NAMESPACE);
        return uid == null || name == null || namespace == null
                ? Optional.empty()
                : Optional.of(new PodKey(namespace, name, uid));
    }

    public static boolean belongsTo(Owner owner, Map<String, String> labels) {
        return owner.cluster().equals(labels.get(CLUSTER)) && owner.node().equals(labels.get(NODE));
    }

    /** The attempt, or 0 where there is no readable one. */
    public static int attempt(Map<String, String> labels) {
        @Nullable String attempt = labels.get(ATTEMPT);
        try {
            return attempt == null ? 0 : Integer.parseInt(attempt);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Map<String, String> pod(Owner owner, PodKey pod) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(CLUSTER, owner.cluster());
        labels.put(NODE, owner.node());
        labels.put(POD_NAMESPACE, pod.namespace());
        labels.put(POD_NAME, pod.name());
        labels.put(POD_UID, pod.uid());
        return labels;
    }
}
