package dev.burstlet.app.config;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The whole configuration of one process. */
public record Configuration(
        @Key("The cluster that the nodes join") Cluster cluster,
        @Key("The virtual nodes, each with a host of its own; at least one") List<Node> nodes,
        @Key("Settings of the kubelet API that all nodes share") KubeletApi kubelet,
        @Key("What tenants may ask for, on every node that has no policy of its own") Policy policy,
        @Key("The process's own health and metrics, as HOST:PORT; off without it")
                @Nullable String management,
        @Key(
                        "Where traces of pods' starts are sent: OTLP over HTTP, as http://127.0.0.1:4318/v1/traces; off without it")
                @Nullable String traces) {
    public Configuration {
        nodes = List.copyOf(Objects.requireNonNullElse(nodes, List.of()));
        cluster = Objects.requireNonNullElseGet(cluster, Cluster::defaults);
        kubelet = Objects.requireNonNullElseGet(kubelet, KubeletApi::defaults);
        policy = Objects.requireNonNullElseGet(policy, Policy::defaults);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("nodes: at least one node is needed");
        }
        Set<String> names = new HashSet<>();
        for (Node node : nodes) {
            if (!names.add(node.name())) {
                throw new IllegalArgumentException("nodes: two nodes are named " + node.name());
            }
        }
        if (management != null) {
            HostPort.parse("management", management);
        }
        if (traces != null && !traces.matches("https?://[^/ ]+(/[^ ]*)?")) {
            throw new IllegalArgumentException(
                    "traces: '"
                            + traces
                            + "' is not an address as http://127.0.0.1:4318/v1/traces");
        }
    }
}
