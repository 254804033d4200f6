package dev.burstlet.sync.admission;

import dev.burstlet.pod.CriticalPods;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a pod that is bound to this node, as a kubelet does when it first sees it:
 * shortages of the node, operating system, node selection, room, ports, taints, then what is not
 * supported and what policy refuses. Pure.
 */
public final class Admission {
    private static final String UNEXPECTED = "UnexpectedAdmissionError";
    private static final String OS_LABEL = "kubernetes.io/os";

    private final Policy policy;
    private final Function<Pod, List<String>> unsupported;

    /**
     * Decides by this policy.
     *
     * @param unsupported the fields of a pod that this node's kind of host cannot do, each with its
     *     path and why
     */
    public Admission(Policy policy, Function<Pod, List<String>> unsupported) {
        this.policy = policy;
        this.unsupported = unsupported;
    }

    /**
     * Whether the node takes the pod.
     *
     * @param others the pods that the node has taken and that have not ended
     */
    public Verdict decide(Pod pod, Node node, TakenPods others) {
        PodSpec spec = pod.getSpec();
        Verdict.Rejected short_ = NodePressure.rejects(pod, node);
        if (short_ != null) {
            return short_;
        }
        Verdict.Rejected no = operatingSystem(pod, node);
        if (no == null) {
            no = groups(spec, node);
        }
        if (no == null) {
            no = forbidden(pod);
        }
        if (no != null) {
            return ofDaemonSet(pod) ? new Verdict.Held(no.reason(), no.message()) : no;
        }
        List<Room.Lack> lacks = Room.lacks(spec, node, others);
        if (!lacks.isEmpty() && !CriticalPods.isCritical(pod)) {
            return lacks.getFirst().rejection();
        }
        Verdict.Rejected other = predicates(spec, node, others.pods());
        if (other != null) {
            return other;
        }
        return lacks.isEmpty() ? new Verdict.Admitted() : Preemption.of(pod, lacks, others.pods());
    }

    private static Verdict.@Nullable Rejected groups(PodSpec spec, Node node) {
        boolean strict =
                spec.getSecurityContext() != null
                        && "Strict".equals(spec.getSecurityContext().getSupplementalGroupsPolicy());
        boolean able =
                node.getStatus().getFeatures() != null
                        && Boolean.TRUE.equals(
                                node.getStatus().getFeatures().getSupplementalGroupsPolicy());
        return strict && !able
                ? new Verdict.Rejected(
                        "SupplementalGroupsPolicyNotSupported",
                        "SupplementalGroupsPolicy=Strict is not supported in this node")
                : null;
    }

    private static Verdict.@Nullable Rejected operatingSystem(Pod pod, Node node) {
        String os = node.getStatus().getNodeInfo().getOperatingSystem();
        PodSpec spec = pod.getSpec();
        Map<String, String> labels = pod.getMetadata().getLabels();
        String label = labels == null ? null : labels.get(OS_LABEL);
        if (label != null && !label.equals(os)) {
            return new Verdict.Rejected(
                    "PodOSSelectorNodeLabelDoesNotMatch",
                    "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label");
        }
        if (spec.getOs() != null && !Objects.equals(spec.getOs().getName(), os)) {
            return new Verdict.Rejected(
                    "PodOSNotSupported",
                    "Failed to admit pod as the OS field doesn't match node OS");
        }
        return null;
    }

    private Verdict.@Nullable Rejected forbidden(Pod pod) {
        List<String> sysctls = PolicyCheck.forbiddenSysctls(policy, pod.getSpec());
        if (!sysctls.isEmpty()) {
            return new Verdict.Rejected(
                    "SysctlForbidden",
                    "forbidden sysctl: \"" + sysctls.getFirst() + "\" not allowlisted");
        }
        List<String> refused = PolicyCheck.refusals(policy, pod.getSpec());
        if (!refused.isEmpty()) {
            return new Verdict.Rejected(
                    UNEXPECTED, "refused by the node's policy: " + String.join(", ", refused));
        }
        List<String> missing = unsupported.apply(pod);
        if (!missing.isEmpty()) {
            return new Verdict.Rejected(
                    UNEXPECTED, "not supported by this node: " + String.join("; ", missing));
        }
        return null;
    }

    private static Verdict.@Nullable Rejected predicates(
            PodSpec spec, Node node, Collection<Pod> others) {
        if (!NodeSelection.wants(spec, node)) {
            return predicate("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
        }
        HostPorts ports = HostPorts.of(spec);
        if (!ports.ports().isEmpty()
                && others.stream()
                        .anyMatch(other -> ports.conflicts(HostPorts.of(other.getSpec())))) {
            return predicate(
                    "NodePorts", "node(s) didn't have free ports for the requested pod ports");
        }
        if (!tolerates(spec, node)) {
            return predicate("TaintToleration", "node(s) had untolerated taint(s)");
        }
        return null;
    }

    private static Verdict.Rejected predicate(String name, String description) {
        return new Verdict.Rejected(name, "Predicate " + name + " failed: " + description);
    }

    private static boolean tolerates(PodSpec spec, Node node) {
        return node.getSpec().getTaints().stream()
                .filter(taint -> taint.getEffect().equals("NoExecute"))
                .allMatch(taint -> spec.getTolerations().stream().anyMatch(t -> covers(t, taint)));
    }

    private static boolean covers(Toleration toleration, Taint taint) {
        String effect = Objects.requireNonNullElse(toleration.getEffect(), "");
        String key = Objects.requireNonNullElse(toleration.getKey(), "");
        if (!effect.isEmpty() && !effect.equals(taint.getEffect())) {
            return false;
        }
        if ("Exists".equals(toleration.getOperator())) {
            return key.isEmpty() || key.equals(taint.getKey());
        }
        return key.equals(taint.getKey())
                && Objects.requireNonNullElse(toleration.getValue(), "")
                        .equals(Objects.requireNonNullElse(taint.getValue(), ""));
    }

    private static boolean ofDaemonSet(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(OwnerReference::getKind)
                .anyMatch("DaemonSet"::equals);
    }
}
