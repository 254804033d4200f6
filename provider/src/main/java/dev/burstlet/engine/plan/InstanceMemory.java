package dev.burstlet.engine.plan;

import dev.burstlet.container.Resources;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one instance of a container, by its id.
 *
 * @param postStart how far its postStart hook is
 * @param killing how far its end is, or null while it is to run
 * @param terminationMessage what it left, or null while that has not been read
 * @param resized the limits that it was given last, or null for those it was made with
 * @param resizeFailure why new limits could not be given, or null
 */
public record InstanceMemory(
        PostStart postStart,
        @Nullable Killing killing,
        @Nullable String terminationMessage,
        @Nullable Resources resized,
        @Nullable Setback resizeFailure) {
    public static final InstanceMemory NONE =
            new InstanceMemory(PostStart.DONE, null, null, null, null);

    /** A container counts as started when its hook is done; without one it is done at once. */
    public enum PostStart {
        PENDING,
        DONE,
        FAILED
    }

    public InstanceMemory postStart(PostStart next) {
        return new InstanceMemory(next, killing, terminationMessage, resized, resizeFailure);
    }

    public InstanceMemory killing(@Nullable Killing next) {
        return new InstanceMemory(postStart, next, terminationMessage, resized, resizeFailure);
    }

    public InstanceMemory said(String message) {
        return new InstanceMemory(postStart, killing, message, resized, resizeFailure);
    }

    public InstanceMemory resized(Resources resources) {
        return new InstanceMemory(postStart, killing, terminationMessage, resources, null);
    }

    public InstanceMemory resizeFailed(Setback failure) {
        return new InstanceMemory(postStart, killing, terminationMessage, resized, failure);
    }
}
