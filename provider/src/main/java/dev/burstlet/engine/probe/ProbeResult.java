package dev.burstlet.engine.probe;

/** The outcome of one probe. */
public sealed interface ProbeResult {
    /** As the API server sees a success; a warning counts as one. */
    record Success() implements ProbeResult {}

    /** Counts as a success, with a word to the user. */
    record Warning(String output) implements ProbeResult {}

    /** The container says that it is not well. */
    record Failure(String output) implements ProbeResult {}

    /** The probe itself could not be made; says nothing about the container. */
    record Errored(String message) implements ProbeResult {}
}
