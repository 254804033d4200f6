package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which pods a node must not do without (Kubernetes: guaranteed scheduling for critical add-on
 * pods): static ones, their mirrors, and those of a system priority.
 */
public final class CriticalPods {
    private static final int SYSTEM_CRITICAL = 2_000_000_000;
    private static final String SOURCE = "kubernetes.io/config.source";
    private static final String MIRROR = "kubernetes.io/config.mirror";

    private CriticalPods() {}

    public static boolean isCritical(Pod pod) {
        @Nullable Integer priority = pod.getSpec().getPriority();
        return isStatic(pod) || (priority != null && priority >= SYSTEM_CRITICAL);
    }

    /** Whether one must make way for the other (as the kubelet decides it). */
    public static boolean preempts(Pod preemptor, Pod preemptee) {
        return (isCritical(preemptor) && !isCritical(preemptee))
                || (preemptor.getSpec().getPriority() != null
                        && preemptee.getSpec().getPriority() != null
                        && preemptor.getSpec().getPriority() > preemptee.getSpec().getPriority())
                || (isStatic(preemptor) && !isStatic(preemptee));
    }

    /** A pod of a manifest of the node's, or what stands for it in the API. */
    private static boolean isStatic(Pod pod) {
        @Nullable Map<String, String> annotations = pod.getMetadata().getAnnotations();
        if (annotations == null) {
            return false;
        }
        @Nullable String source = annotations.get(SOURCE);
        return annotations.containsKey(MIRROR) || (source != null && !source.equals("api"));
    }
}
