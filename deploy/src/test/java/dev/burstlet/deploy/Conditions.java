package dev.burstlet.deploy;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The conditions of nodes and pods, by type. */
final class Conditions {
    private Conditions() {}

    static Map<String, String> of(Node node) {
        return node.getStatus().getConditions().stream()
                .collect(Collectors.toMap(NodeCondition::getType, NodeCondition::getStatus));
    }

    static Map<String, String> of(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .collect(Collectors.toMap(PodCondition::getType, PodCondition::getStatus));
    }

    static boolean ready(KubernetesClient client, String name) {
        Node node = client.nodes().withName(name).get();
        return node != null && Objects.equals(of(node).get("Ready"), "True");
    }
}
