package dev.burstlet.app.config;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the cluster is reached, by this process and by pods. */
public record Cluster(
        @Key(
                        "File with the API server and our credentials; without it the in-cluster service account")
                @Nullable String kubeconfig,
        @Key(
                        value =
                                "Who we are to the API server: service-account (one identity for all nodes) or node"
                                        + " (system:node:NAME, under the Node authorizer)",
                        byDefault = "service-account")
                Identity identity,
        @Key("HOST:PORT by which pods reach the API server where its cluster IP is not routed")
                @Nullable String apiServerForPods,
        @Key("Addresses of cluster DNS; without one, dnsPolicy ClusterFirst falls back to Default")
                List<String> dnsServers,
        @Key(value = "The cluster's DNS domain", byDefault = "cluster.local") String dnsDomain) {
    /** The two modes of identity. */
    public enum Identity {
        SERVICE_ACCOUNT,
        NODE
    }

    public Cluster {
        identity = Objects.requireNonNullElse(identity, Identity.SERVICE_ACCOUNT);
        dnsServers = List.copyOf(Objects.requireNonNullElse(dnsServers, List.of()));
        dnsDomain = Objects.requireNonNullElse(dnsDomain, "cluster.local");
        if (apiServerForPods != null) {
            HostPort.parse("cluster.apiServerForPods", apiServerForPods);
        }
    }

    static Cluster defaults() {
        return new Cluster(null, Identity.SERVICE_ACCOUNT, null, List.of(), "cluster.local");
    }
}
