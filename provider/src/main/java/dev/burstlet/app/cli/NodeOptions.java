package dev.burstlet.app.cli;

import dev.burstlet.app.config.Cluster;
import dev.burstlet.app.config.Configuration;
import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.config.ConfigurationReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which nodes to play: a file, or one node by flags. */
final class NodeOptions {
    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "The API server and our credentials; without it, and in a pod, the service account's.")
    @Nullable Path kubeconfig;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration; 'burstlet keys' lists its keys.")
    @Nullable Path config;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "Without --config: the node's name.")
    @Nullable String node;

    @Option(
            names = "--docker",
            paramLabel = "ENDPOINT",
            description =
                    "Without --config: run its pods on this Docker Engine, as unix:///var/run/docker.sock.")
    @Nullable String docker;

    @Option(
            names = "--cri",
            paramLabel = "ENDPOINT",
            description =
                    "Without --config: run its pods on this CRI runtime, as"
                            + " unix:///run/containerd/containerd.sock.")
    @Nullable String cri;

    @Option(
            names = "--runtime-handler",
            paramLabel = "NAME",
            description = "With --cri: the handler of pods without a RuntimeClass, as kata.")
    @Nullable String runtimeHandler;

    @Option(
            names = "--agent",
            paramLabel = "HOST:PORT",
            description = "Without --config: run its pods on the host of this agent.")
    @Nullable String agent;

    @Option(
            names = "--agent-ca",
            paramLabel = "FILE",
            description = "With --agent: PEM file of the authority of the agent's certificate.")
    @Nullable Path agentCa;

    @Option(
            names = "--agent-certificate",
            paramLabel = "FILE",
            description = "With --agent: PEM file of our certificate.")
    @Nullable Path agentCertificate;

    @Option(
            names = "--agent-key",
            paramLabel = "FILE",
            description = "With --agent: PEM file of our key.")
    @Nullable Path agentKey;

    @Option(
            names = "--memory",
            description = "Without --config: run its pods in memory, for trying and simulation.")
    boolean memory;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "Without --config: where the kubelet API listens (default 0.0.0.0:10250).")
    @Nullable String listen;

    @Option(
            names = "--node-ip",
            paramLabel = "IP",
            description = "Without --config: the node's address (default: found out).")
    @Nullable String nodeIp;

    @Option(
            names = "--pods-api-server",
            paramLabel = "HOST:PORT",
            description =
                    "Without --config: how pods reach the API server, where its cluster IP is not routed.")
    @Nullable String podsApiServer;

    @Option(
            names = "--management",
            paramLabel = "HOST:PORT",
            description =
                    "Without --config: where this process's own health and metrics are served (default: nowhere).")
    @Nullable String management;

    /** The configuration that file and flags make together. */
    Configuration configuration() {
        Configuration read = config == null ? ConfigurationReader.parse(yaml()) : fromFile(config);
        if (kubeconfig == null) {
            return read;
        }
        Cluster cluster = read.cluster();
        return new Configuration(
                new Cluster(
                        kubeconfig.toString(),
                        cluster.identity(),
                        cluster.apiServerForPods(),
                        cluster.dnsServers(),
                        cluster.dnsDomain()),
                read.nodes(),
                read.kubelet(),
                read.policy(),
                read.management(),
                read.traces());
    }

    private Configuration fromFile(Path file) {
        boolean flags =
                memory
                        || Stream.of(
                                        node,
                                        docker,
                                        cri,
                                        runtimeHandler,
                                        agent,
                                        agentCa,
                                        agentCertificate,
                                        agentKey,
                                        listen,
                                        nodeIp,
                                        podsApiServer,
                                        management)
                                .anyMatch(Objects::nonNull);
        if (flags) {
            throw new ConfigurationException(
                    "with --config, the node is described by the file alone:"
                            + " of the other flags only --kubeconfig goes with it");
        }
        return ConfigurationReader.read(file);
    }

    /**
     * One node by flags, written as the file would have it, so that one set of checks serves both.
     */
    private String yaml() {
        if (node == null) {
            throw new ConfigurationException(
                    "give --config FILE, or --node NAME with --docker, --cri, --agent or --memory");
        }
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", node);
        if (docker != null) {
            described.put("docker", Map.of("endpoint", docker));
        }
        if (cri != null) {
            described.put(
                    "cri",
                    runtimeHandler == null
                            ? Map.of("endpoint", cri)
                            : Map.of("endpoint", cri, "runtimeHandler", runtimeHandler));
        }
        if (agent != null) {
            described.put("agent", agentKeys(agent));
        }
        if (memory) {
            described.put("memory", Map.of());
        }
        putIfGiven(described, "listen", listen);
        putIfGiven(described, "address", nodeIp);
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("nodes", List.of(described));
        if (podsApiServer != null) {
            whole.put("cluster", Map.of("apiServerForPods", podsApiServer));
        }
        putIfGiven(whole, "management", management);
        return ConfigurationReader.write(whole);
    }

    private Map<String, Object> agentKeys(String endpoint) {
        Map<String, Object> tls = new LinkedHashMap<>();
        putIfGiven(tls, "ca", Objects.toString(agentCa, null));
        putIfGiven(tls, "certificate", Objects.toString(agentCertificate, null));
        putIfGiven(tls, "key", Objects.toString(agentKey, null));
        return Map.of("endpoint", endpoint, "tls", tls);
    }

    private static void putIfGiven(Map<String, Object> map, String key, @Nullable String value) {
        if (value != null) {
            map.put(key, value);
        }
    }
}
