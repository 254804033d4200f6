package dev.burstlet.app.compose;

import dev.burstlet.app.config.Cluster;
import dev.burstlet.app.config.Configuration;
import dev.burstlet.app.config.HostPort;
import dev.burstlet.app.config.Node;
import dev.burstlet.app.config.Policy;
import dev.burstlet.engine.desired.TranslationSettings;
import dev.burstlet.engine.pressure.EvictionRules;
import dev.burstlet.node.NodeSettings;
import dev.burstlet.pod.NodeContext.ClusterDns;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns the configuration of a node into the settings of the parts that play it. */
final class NodeShaping {
    /** Of Kubernetes: the kubelet whose behaviour this is. */
    static final String KUBELET_VERSION = "v1.36.3";

    /**
     * What the API server may rely on: streams reach the kubelet API as WebSockets untranslated.
     */
    private static final List<String> FEATURES =
            List.of(
                    "ExtendWebSocketsToKubelet",
                    "InPlacePodLevelResourcesVerticalScaling",
                    "RestartAllContainersOnContainerExits");

    private static final Set<String> HOST_RESOURCES =
            Set.of("cpu", "memory", "ephemeral-storage", "pods");

    private NodeShaping() {}

    static NodeSettings settings(
            Configuration configuration, Node node, List<NodeAddress> addresses, int port) {
        Cluster cluster = configuration.cluster();
        return new NodeSettings(
                node.name(),
                "burstlet://" + node.name(),
                labels(node),
                node.annotations(),
                node.taints().stream().map(NodeShaping::taint).toList(),
                KUBELET_VERSION,
                FEATURES,
                new NodeSettings.Resources(node.pods(), node.reserve(), node.capacity()),
                new NodeSettings.Endpoint(addresses, port),
                new ClusterDns(cluster.dnsServers(), cluster.dnsDomain()),
                cluster.identity() == Cluster.Identity.NODE
                        ? NodeSettings.Identity.NODE
                        : NodeSettings.Identity.SERVICE_ACCOUNT,
                NodeSettings.Timing.DEFAULT,
                Objects.requireNonNullElse(System.getenv("POD_UID"), ""));
    }

    static TranslationSettings translation(Configuration configuration, Node node) {
        Set<String> extended =
                node.capacity().keySet().stream()
                        .filter(name -> !HOST_RESOURCES.contains(name))
                        .collect(Collectors.toSet());
        TranslationSettings settings =
                TranslationSettings.DEFAULT
                        .withExtendedResources(extended)
                        .withPodPidsLimit(Math.max(node.podPidsLimit(), 0))
                        .withSeccompProfiles(SeccompFiles.read(node));
        String forPods = configuration.cluster().apiServerForPods();
        if (forPods == null) {
            return settings;
        }
        HostPort address = HostPort.parse("cluster.apiServerForPods", forPods);
        return settings.withApiServer(address.host(), address.port());
    }

    static EvictionRules eviction(Node node) {
        return EvictionRules.of(
                node.evictionHard(), Duration.ofSeconds(node.evictionPressureTransitionSeconds()));
    }

    static dev.burstlet.sync.admission.Policy policy(Configuration configuration, Node node) {
        Policy policy = Objects.requireNonNullElse(node.policy(), configuration.policy());
        return new dev.burstlet.sync.admission.Policy(
                policy.hostPaths(),
                policy.privileged(),
                policy.hostNetwork(),
                policy.hostPid(),
                policy.hostIpc(),
                policy.addCapabilities().stream()
                        .map(name -> name.equals("ALL") ? "*" : name)
                        .toList(),
                policy.unsafeSysctls());
    }

    private static Map<String, String> labels(Node node) {
        Map<String, String> labels = new HashMap<>();
        Stream.of(
                        Map.entry(
                                "topology.kubernetes.io/region",
                                Objects.requireNonNullElse(node.region(), "")),
                        Map.entry(
                                "topology.kubernetes.io/zone",
                                Objects.requireNonNullElse(node.zone(), "")))
                .filter(label -> !label.getValue().isEmpty())
                .forEach(label -> labels.put(label.getKey(), label.getValue()));
        labels.putAll(node.labels());
        return labels;
    }

    /** Reads KEY=VALUE:EFFECT; the configuration has checked the form. */
    private static Taint taint(String text) {
        int colon = text.lastIndexOf(':');
        String key = text.substring(0, colon);
        int equals = key.indexOf('=');
        return new Taint(
                text.substring(colon + 1),
                equals < 0 ? key : key.substring(0, equals),
                null,
                equals < 0 ? "" : key.substring(equals + 1));
    }
}
