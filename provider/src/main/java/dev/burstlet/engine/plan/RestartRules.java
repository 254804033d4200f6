package dev.burstlet.engine.plan;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerRestartRule;
import io.fabric8.kubernetes.api.model.ContainerRestartRuleOnExitCodes;
import io.fabric8.kubernetes.api.model.PodSpec;
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

    /** It was ended only because its definition changed. */
    private static boolean replaced(Member member, ContainerStatus ended, InstanceMemory memory) {
        return memory.killing() != null
                && member.kind() == ContainerKind.APP
                && Situation.changed(member, ended);
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
