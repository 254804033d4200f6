package dev.burstlet.engine.observe;

/** How much of a pod is looked at anew. */
public enum Scope {
    /** Its sandboxes: nothing else of it can have changed. */
    SANDBOXES,
    /** Its containers. */
    CONTAINERS,
    ALL
}
