package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import org.jspecify.annotations.Nullable;

/**
 * A pod that a host holds.
 *
 * @param pod as last bundled; null for one that was found by its labels and whose bundle never came
 * @param report the newest status
 */
public record HostedPod(PodKey key, @Nullable Pod pod, PodReport report) {}
