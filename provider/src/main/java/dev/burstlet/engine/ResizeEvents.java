package dev.burstlet.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.pod.PodEvent;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is to be told of a resize when a pod's status goes from one to the next. Pure. */
final class ResizeEvents {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PENDING = "PodResizePending";
    private static final String IN_PROGRESS = "PodResizeInProgress";

    private ResizeEvents() {}

    /** One event. */
    record Told(PodEvent.Type type, String reason, String message) {}

    static List<Told> between(PodStatus before, PodStatus after, Pod pod) {
        List<Told> events = new ArrayList<>();
        Optional<PodCondition> pending = condition(after, PENDING);
        boolean same =
                pending.map(PodCondition::getReason)
                        .equals(condition(before, PENDING).map(PodCondition::getReason));
        if (pending.isPresent() && !same) {
            String reason = Objects.requireNonNullElse(pending.get().getReason(), "");
            events.add(
                    new Told(
                            PodEvent.Type.WARNING,
                            "Resize" + reason,
                            "Pod resize " + reason + ": " + pending.get().getMessage()));
        }
        boolean began = condition(after, IN_PROGRESS).isPresent();
        boolean was = condition(before, IN_PROGRESS).isPresent();
        if (began && !was) {
            events.add(
                    new Told(
                            PodEvent.Type.NORMAL,
                            "ResizeStarted",
                            "Pod resize started: " + resources(pod)));
        } else if (was && !began && "Running".equals(after.getPhase())) {
            events.add(
                    new Told(
                            PodEvent.Type.NORMAL,
                            "ResizeCompleted",
                            "Pod resize completed: " + resources(pod)));
        }
        return events;
    }

    private static Optional<PodCondition> condition(PodStatus status, String type) {
        return status.getConditions().stream().filter(c -> c.getType().equals(type)).findFirst();
    }

    private static String resources(Pod pod) {
        List<Map<String, Object>> containers = new ArrayList<>();
        pod.getSpec()
                .getContainers()
                .forEach(container -> {
                    Map<String, Object> one = new LinkedHashMap<>();
                    one.put("name", container.getName());
                    if (container.getResources() != null) {
                        one.put("resources", container.getResources());
                    }
                    containers.add(one);
                });
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("containers", containers);
        all.put("generation", Objects.requireNonNullElse(pod.getMetadata().getGeneration(), 0L));
        try {
            return JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
