package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;

/**
 * What a pod may see of the node it is on.
 *
 * @param name the node's name
 * @param hostIps the node's addresses, the primary one first
 * @param allocatable the node's allocatable resources: the default of resourceFieldRef limits
 * @param dns how cluster DNS is reached
 */
public record NodeContext(
        String name, List<String> hostIps, Map<String, Quantity> allocatable, ClusterDns dns) {
    public NodeContext {
        hostIps = List.copyOf(hostIps);
        allocatable = Map.copyOf(allocatable);
    }

    /**
     * Cluster DNS as the kubelet's clusterDNS and clusterDomain settings; no server means that
     * ClusterFirst falls back to Default, as the kubelet does.
     */
    public record ClusterDns(List<String> servers, String domain) {
        public ClusterDns {
            servers = List.copyOf(servers);
        }
    }
}
