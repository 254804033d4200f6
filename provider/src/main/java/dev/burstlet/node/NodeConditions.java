package dev.burstlet.node;

import dev.burstlet.pod.HostDescription;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The five conditions that a kubelet owns, in its words. Pure: from the host, what the API server
 * has, and the time.
 */
final class NodeConditions {
    private final HostDescription host;
    private final List<NodeCondition> before;
    private final Instant now;

    NodeConditions(HostDescription host, List<NodeCondition> before, Instant now) {
        this.host = host;
        this.before = before;
        this.now = now;
    }

    /**
     * All conditions of the node: ours as they are now, those of others as they were.
     *
     * @param troubles what keeps the node from taking part
     * @param patience how long the host may be away before that is told
     */
    List<NodeCondition> all(Troubles troubles, Duration patience) {
        List<NodeCondition> all = new ArrayList<>();
        all.add(
                pressure(
                        "MemoryPressure",
                        host.pressures().memory(),
                        "SufficientMemory",
                        "InsufficientMemory",
                        "sufficient memory available",
                        "insufficient memory available"));
        all.add(
                pressure(
                        "DiskPressure",
                        host.pressures().disk(),
                        "NoDiskPressure",
                        "DiskPressure",
                        "no disk pressure",
                        "disk pressure"));
        all.add(
                pressure(
                        "PIDPressure",
                        host.pressures().pid(),
                        "SufficientPID",
                        "InsufficientPID",
                        "sufficient PID available",
                        "insufficient PID available"));
        all.add(
                troubles.network().isEmpty()
                        ? condition(
                                "NetworkUnavailable",
                                "False",
                                "BurstletNetworkReady",
                                "burstlet connects the node's pods")
                        : condition(
                                "NetworkUnavailable",
                                "True",
                                "BurstletNetworkNotReady",
                                troubles.network()));
        all.add(ready(troubles.drained(), patience));
        Set<String> ours = new HashSet<>();
        all.forEach(condition -> ours.add(condition.getType()));
        before.stream().filter(other -> !ours.contains(other.getType())).forEach(all::add);
        return all;
    }

    private NodeCondition ready(String drained, Duration patience) {
        if (!drained.isEmpty()) {
            return condition("Ready", "False", "NodeDrain", drained);
        }
        HostDescription.Health health = host.health();
        boolean wasReady =
                condition("Ready").map(NodeCondition::getStatus).filter("True"::equals).isPresent();
        boolean patient = wasReady && now.isBefore(health.since().plus(patience));
        if (health.reachable() || patient) {
            return condition("Ready", "True", "KubeletReady", "burstlet is posting ready status");
        }
        return condition("Ready", "False", "KubeletNotReady", health.cause());
    }

    private NodeCondition pressure(
            String type, String cause, String fine, String short_, String fineText, String text) {
        if (cause.isEmpty()) {
            return condition(type, "False", "KubeletHas" + fine, "kubelet has " + fineText);
        }
        return condition(type, "True", "KubeletHas" + short_, "kubelet has " + text);
    }

    private NodeCondition condition(String type, String status, String reason, String message) {
        Optional<NodeCondition> old = condition(type);
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        boolean same = old.filter(was -> Objects.equals(was.getStatus(), status)).isPresent();
        String since = same ? old.map(NodeCondition::getLastTransitionTime).orElse(time) : time;
        return new NodeConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastHeartbeatTime(time)
                .withLastTransitionTime(since)
                .build();
    }

    private Optional<NodeCondition> condition(String type) {
        return before.stream().filter(condition -> condition.getType().equals(type)).findFirst();
    }
}
