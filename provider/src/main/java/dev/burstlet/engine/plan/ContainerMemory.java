package dev.burstlet.engine.plan;

import dev.burstlet.container.ImageInfo;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one of a pod's containers, whichever instance of it.
 *
 * @param setback why it could not be started, or null
 * @param crash its wait between restarts, or null before the first
 * @param image found for its next start, or null
 * @param highestAttempt the newest instance ever seen or made, -1 for none
 */
public record ContainerMemory(
        @Nullable Setback setback,
        @Nullable CrashBackOff crash,
        @Nullable ImageInfo image,
        int highestAttempt) {
    public static final ContainerMemory NONE = new ContainerMemory(null, null, null, -1);

    public ContainerMemory setBack(@Nullable Setback next) {
        return new ContainerMemory(next, crash, null, highestAttempt);
    }

    public ContainerMemory crashed(@Nullable CrashBackOff next) {
        return new ContainerMemory(setback, next, image, highestAttempt);
    }

    public ContainerMemory fetched(ImageInfo found) {
        return new ContainerMemory(null, crash, found, highestAttempt);
    }

    /** An instance was made. */
    public ContainerMemory attempted(int attempt) {
        return new ContainerMemory(setback, crash, null, Math.max(attempt, highestAttempt));
    }
}
