package dev.burstlet.sync.admission;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a node is one that a pod wants, by nodeSelector and required node affinity. Pure. */
final class NodeSelection {
    private final Map<String, String> labels;
    private final String name;

    private NodeSelection(Node node) {
        this.labels =
                Objects.requireNonNullElse(
                        node.getMetadata().getLabels(), Map.<String, String>of());
        this.name = node.getMetadata().getName();
    }

    static boolean wants(PodSpec spec, Node node) {
        NodeSelection selection = new NodeSelection(node);
        return selection.bySelector(spec.getNodeSelector())
                && selection.byAffinity(spec.getAffinity());
    }

    private boolean bySelector(@Nullable Map<String, String> selector) {
        return selector == null || labels.entrySet().containsAll(selector.entrySet());
    }

    private boolean byAffinity(@Nullable Affinity affinity) {
        if (affinity == null
                || affinity.getNodeAffinity() == null
                || affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution()
                        == null) {
            return true;
        }
        return affinity
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms()
                .stream()
                .anyMatch(this::matches);
    }

    private boolean matches(NodeSelectorTerm term) {
        List<NodeSelectorRequirement> expressions = term.getMatchExpressions();
        List<NodeSelectorRequirement> fields = term.getMatchFields();
        if (expressions.isEmpty() && fields.isEmpty()) {
            return false;
        }
        return expressions.stream().allMatch(rule -> matches(rule, labels.get(rule.getKey())))
                && fields.stream()
                        .allMatch(rule ->
                                rule.getKey().equals("metadata.name") && matches(rule, name));
    }

    private static boolean matches(NodeSelectorRequirement rule, @Nullable String value) {
        return switch (rule.getOperator()) {
            case "In" -> value != null && rule.getValues().contains(value);
            case "NotIn" -> value == null || !rule.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> value != null && compare(value, rule.getValues()) > 0;
            case "Lt" -> value != null && compare(value, rule.getValues()) < 0;
            default -> false;
        };
    }

    /** Integers; what is none matches neither Gt nor Lt. */
    private static int compare(String value, List<String> bound) {
        try {
            return Long.compare(Long.parseLong(value), Long.parseLong(bound.getFirst()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
