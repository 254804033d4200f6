package dev.burstlet.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.cluster.StrategicPatch;
import dev.burstlet.pod.HostDescription;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written of a node, from what the API server has. Pure. A patch without content
 * means that all is as it should be.
 */
final class NodePatches {
    private final NodeSettings settings;
    private final NodeShape shape;
    private final Node current;
    private final Troubles troubles;

    /**
     * @param troubles what keeps the node from taking part
     */
    NodePatches(NodeSettings settings, HostDescription host, Node current, Troubles troubles) {
        this.settings = settings;
        this.shape = new NodeShape(settings, host);
        this.current = current;
        this.troubles = troubles;
    }

    /** Labels, annotations, taints and providerID that are ours and differ. */
    ObjectNode metadataAndSpec() {
        ObjectNode patch = StrategicPatch.object();
        ObjectNode metadata = StrategicPatch.object();
        ObjectNode labels = missing(shape.labels(), current.getMetadata().getLabels());
        if (!labels.isEmpty()) {
            metadata.set("labels", labels);
        }
        ObjectNode annotations =
                missing(settings.annotations(), current.getMetadata().getAnnotations());
        ObjectNode spec = spec();
        cordon(annotations, spec);
        if (!annotations.isEmpty()) {
            metadata.set("annotations", annotations);
        }
        if (spec.has("taints")) {
            // The list is replaced as a whole: nobody may have changed it meanwhile.
            metadata.put("resourceVersion", current.getMetadata().getResourceVersion());
        }
        if (!metadata.isEmpty()) {
            patch.set("metadata", metadata);
        }
        if (!spec.isEmpty()) {
            patch.set("spec", spec);
        }
        return patch;
    }

    private ObjectNode spec() {
        ObjectNode spec = StrategicPatch.object();
        String providerId = current.getSpec().getProviderID();
        if (providerId == null || providerId.isEmpty()) {
            spec.put("providerID", settings.providerId());
        }
        List<Taint> present =
                Objects.requireNonNullElse(current.getSpec().getTaints(), List.<Taint>of());
        List<Taint> wanted = shape.taints(present);
        if (settings.identity() == NodeSettings.Identity.SERVICE_ACCOUNT
                && !wanted.equals(present)) {
            spec.set("taints", StrategicPatch.tree(Map.of("taints", wanted)).get("taints"));
        }
        return spec;
    }

    /** A drain cordons, and remembers it; the next start lifts only its own cordon. */
    private void cordon(ObjectNode annotations, ObjectNode spec) {
        Map<String, String> present =
                Objects.requireNonNullElse(
                        current.getMetadata().getAnnotations(), Map.<String, String>of());
        boolean cordoned = Boolean.TRUE.equals(current.getSpec().getUnschedulable());
        if (!troubles.drained().isEmpty() && !cordoned) {
            annotations.put(NodeShape.DRAINED, "true");
            spec.put("unschedulable", true);
        } else if (troubles.drained().isEmpty() && present.containsKey(NodeShape.DRAINED)) {
            annotations.putNull(NodeShape.DRAINED);
            spec.putNull("unschedulable");
        }
    }

    /** What of the status differs, the heartbeats aside. */
    ObjectNode statusChanges(Instant now) {
        NodeStatus before = status();
        NodeStatus wanted = wanted(now);
        Map<String, String> beats = new HashMap<>();
        before.getConditions().forEach(old -> beats.put(old.getType(), old.getLastHeartbeatTime()));
        for (NodeCondition condition : wanted.getConditions()) {
            String beat = beats.get(condition.getType());
            if (beat != null) {
                condition.setLastHeartbeatTime(beat);
            }
        }
        return StrategicPatch.between(before, wanted);
    }

    /** The patch of the status with new heartbeats. */
    ObjectNode status(Instant now) {
        ObjectNode changes = StrategicPatch.between(status(), wanted(now));
        ObjectNode patch = StrategicPatch.object();
        patch.putObject("metadata").put("uid", current.getMetadata().getUid());
        patch.set("status", changes);
        return patch;
    }

    private NodeStatus wanted(Instant now) {
        NodeStatus before = status();
        NodeStatus wanted = shape.status(before, now, troubles);
        wanted.setCapacity(inFormOf(before.getCapacity(), wanted.getCapacity()));
        wanted.setAllocatable(inFormOf(before.getAllocatable(), wanted.getAllocatable()));
        return wanted;
    }

    /** The API server writes 2000m as 2: an equal amount is no change. */
    private static Map<String, Quantity> inFormOf(
            @Nullable Map<String, Quantity> before, Map<String, Quantity> wanted) {
        Map<String, Quantity> kept = new LinkedHashMap<>(wanted);
        if (before != null) {
            kept.replaceAll(
                    (name, amount) -> amount.equals(before.get(name)) ? before.get(name) : amount);
        }
        return kept;
    }

    private NodeStatus status() {
        return Objects.requireNonNullElseGet(current.getStatus(), NodeStatus::new);
    }

    private static ObjectNode missing(
            Map<String, String> wanted, @Nullable Map<String, String> present) {
        ObjectNode missing = StrategicPatch.object();
        wanted.forEach((name, value) -> {
            if (present == null || !value.equals(present.get(name))) {
                missing.put(name, value);
            }
        });
        return missing;
    }
}
