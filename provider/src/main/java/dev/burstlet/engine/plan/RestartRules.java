package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerRestartRule;
import io.fabric8.kubernetes.api.model.ContainerRestartRuleOnExitCodes;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether a container that ended is to run again: policies and exit code rules of the pod API. */
public final class RestartRules {
    private RestartRules() {}

    /** Whether a container with this exit code is restarted. */
    public static boolean restarts(PodSpec pod, Member member, int exitCode) {
        if (member.kind() == ContainerKind.EPHEMERAL) {
            return false;
        }
        if (member.sidecar()) {
            return true;
        }
        Container spec = member.spec();
        for (ContainerRestartRule rule : spec.getRestartPolicyRules()) {
            if (matches(rule.getExitCodes(), exitCode)) {
                return true;
            }
        }
        return switch (policy(pod, member)) {
            case "Never" -> false;
            case "OnFailure" -> exitCode != 0;
            // An init container that succeeded is done, whatever the pod's policy.
            default -> member.kind() != ContainerKind.INIT || exitCode != 0;
        };
    }

    /** Whether the newest instance, if it has ended, is to be followed by another. */
    public static boolean restarts(
            PodSpec pod, Member member, ContainerStatus newest, InstanceMemory memory) {
        return switch (newest.state()) {
            case State.Created() -> true;
            case State.Running(_) -> true;
            case State.Exited exited ->
                    restarts(pod, member, exited.exitCode()) || replaced(member, newest, memory);
        };
    }

    /** The container's own policy, or the pod's. */
    public static String policy(PodSpec pod, Member member) {
        @Nullable String own = member.spec().getRestartPolicy();
        @Nullable String common = pod.getRestartPolicy();
        return own != null ? own : common != null ? common : "Always";
    }

    /**
     * When the pod's present round began: at the end of the last container whose rule restarts all
     * containers of the pod; EPOCH where there was none. That container is kept, so this survives a
     * restart of ours.
     */
    static Instant roundBegan(Situation situation) {
        Instant began = Instant.EPOCH;
        for (Member member : situation.members()) {
            for (ContainerRestartRule rule : member.spec().getRestartPolicyRules()) {
                if ("RestartAllContainers".equals(rule.getAction())) {
                    Instant end = lastMatch(situation, member, rule);
                    began = end.isAfter(began) ? end : began;
                }
            }
        }
        return began;
    }

    /** Whether an instance is of an earlier round: it ends, and another takes its place. */
    static boolean pastRound(Situation situation, ContainerStatus container) {
        return !container.createdAt().isAfter(roundBegan(situation));
    }

    private static Instant lastMatch(
            Situation situation, Member member, ContainerRestartRule rule) {
        Instant last = Instant.EPOCH;
        for (ContainerStatus instance : situation.observed().instances(member.name())) {
            if (instance.state() instanceof State.Exited exited
                    && matches(rule.getExitCodes(), exited.exitCode())
                    && exited.finishedAt().isAfter(last)) {
                last = exited.finishedAt();
            }
        }
        return last;
    }

    /** It was ended only because its definition changed. */
    private static boolean replaced(Member member, ContainerStatus ended, InstanceMemory memory) {
        return memory.killing() != null
                && member.kind() == ContainerKind.APP
                && (Situation.changed(member, ended)
                        || memory.killing().message().contains("resize requires restart"));
    }

    private static boolean matches(@Nullable ContainerRestartRuleOnExitCodes codes, int exitCode) {
        if (codes == null) {
            return false;
        }
        boolean listed = codes.getValues().contains(exitCode);
        return switch (codes.getOperator()) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case null, default -> false;
        };
    }
}
