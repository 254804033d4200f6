package dev.burstlet.pod;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a pod, in the kubelet's words, to become a Kubernetes event.
 *
 * @param fieldPath what it happened to within the pod, as {@code spec.containers{name}}, or null
 *     for the pod itself
 */
public record PodEvent(
        PodKey key,
        Type type,
        String reason,
        String message,
        @Nullable String fieldPath,
        Instant time) {
    /** The two types of Kubernetes events. */
    public enum Type {
        NORMAL,
        WARNING
    }
}
