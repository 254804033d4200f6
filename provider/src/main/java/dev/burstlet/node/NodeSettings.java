package dev.burstlet.node;

import dev.burstlet.pod.NodeContext.ClusterDns;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How one virtual node presents itself.
 *
 * @param name the node's name
 * @param providerId set when the node is created, as {@code burstlet://name}
 * @param labels beside those that every virtual node has; these win
 * @param annotations put on the node and kept
 * @param taints put on the node and kept; of other keys than these all stay
 * @param kubeletVersion the version of the kubelet whose behaviour this is, as {@code v1.36.0}
 * @param declaredFeatures features that the API server may rely on
 * @param resources what pods may use of the host
 * @param endpoint where the node is reached
 * @param dns cluster DNS as pods see it
 * @param identity as whom the node is written
 * @param timing how often it is written
 * @param slot where this process runs, when at most one process can be there at a time (a pod's
 *     UID, a unit's name); a predecessor in the same slot is known to be gone. Empty if unknown
 */
public record NodeSettings(
        String name,
        String providerId,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<Taint> taints,
        String kubeletVersion,
        List<String> declaredFeatures,
        Resources resources,
        Endpoint endpoint,
        ClusterDns dns,
        Identity identity,
        Timing timing,
        String slot) {
    public NodeSettings {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        taints = List.copyOf(taints);
        declaredFeatures = List.copyOf(declaredFeatures);
    }

    /** A node with the defaults, reached at these addresses and port. */
    public static NodeSettings of(String name, List<NodeAddress> addresses, int kubeletPort) {
        Taint taint = new Taint("NoSchedule", "virtual-kubelet.io/provider", null, "burstlet");
        return new NodeSettings(
                name,
                "burstlet://" + name,
                Map.of(),
                Map.of(),
                List.of(taint),
                "v1.36.0",
                List.of(),
                Resources.DEFAULT,
                new Endpoint(addresses, kubeletPort),
                new ClusterDns(List.of(), "cluster.local"),
                Identity.SERVICE_ACCOUNT,
                Timing.DEFAULT,
                "");
    }

    /**
     * What pods may use.
     *
     * @param pods how many
     * @param reserve kept from pods, of what the host has
     * @param extra beside what the host reports, or in its place: extended resources
     */
    public record Resources(long pods, Map<String, Quantity> reserve, Map<String, Quantity> extra) {
        public static final Resources DEFAULT = new Resources(110, Map.of(), Map.of());

        public Resources {
            reserve = Map.copyOf(reserve);
            extra = Map.copyOf(extra);
        }
    }

    /** Where the API server and others reach the node. */
    public record Endpoint(List<NodeAddress> addresses, int kubeletPort) {
        public Endpoint {
            addresses = List.copyOf(addresses);
        }
    }

    /** As whom the node is written. */
    public enum Identity {
        /** A service account that may write all labels and taints. */
        SERVICE_ACCOUNT,
        /** {@code system:node:NAME}: NodeRestriction forbids some labels, and taints later on. */
        NODE
    }

    /**
     * How often the node is written; the defaults are the kubelet's.
     *
     * @param status the longest time between two writes of the status
     * @param statusPause the shortest time between two writes of the status
     * @param lease how long a lease lasts
     * @param renew how often it is renewed
     * @param unhealthy how long the host may be away before the node is not ready
     */
    public record Timing(
            Duration status,
            Duration statusPause,
            Duration lease,
            Duration renew,
            Duration unhealthy) {
        public static final Timing DEFAULT =
                new Timing(
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(40),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30));
    }
}
