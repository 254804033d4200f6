package dev.burstlet.node;

/**
 * What keeps a node from taking part beside what its host tells; empty where nothing does.
 *
 * @param drained why it takes no more part
 * @param network why its pods have no network, or not the one that the cluster gave them
 */
record Troubles(String drained, String network) {
    static final Troubles NONE = new Troubles("", "");
}
