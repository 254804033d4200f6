package dev.burstlet.node;

import io.fabric8.kubernetes.api.model.Node;

/** Told how a virtual node fares. Called from background threads; returns quickly. */
public interface NodeListener {
    /** This process keeps the node now: only it writes the node and looks after its pods. */
    void held();

    /** Another process keeps the node now: this one is to touch nothing of it. */
    void lost(String holder);

    /** Another process keeps the node; this one waits for it. */
    default void waiting(String holder) {}

    /** The node as the API server has it, its podCIDR included. */
    default void nodeChanged(Node node) {}
}
