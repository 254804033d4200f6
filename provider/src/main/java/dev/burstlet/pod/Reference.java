package dev.burstlet.pod;

/**
 * What the API server answered for an object that a pod refers to. A reference that is not present
 * blocks only what uses it: the container with that environment variable, the pod with that volume.
 */
public sealed interface Reference<T> {
    /** The object as it is now. */
    record Present<T>(T value) implements Reference<T> {}

    /** The API server says that there is no such object. */
    record Missing<T>() implements Reference<T> {}

    /** The object could not be read; the message is fit for an event. */
    record Unreadable<T>(String message) implements Reference<T> {}
}
