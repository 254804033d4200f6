package dev.burstlet.container;

/** What an engine tells. A hint to look, not a statement of state. */
public sealed interface EngineEvent {
    /** A sandbox or container of this pod changed its state. */
    record PodChanged(String podUid) implements EngineEvent {}

    /** The engine answers and events flow; whatever was before may have been missed. */
    record Connected() implements EngineEvent {}

    /** The engine does not answer; the cause names the host. */
    record Disconnected(String cause) implements EngineEvent {}
}
