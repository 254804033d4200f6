package dev.burstlet.container;

/**
 * Whose containers they are: the cluster (the UID of its kube-system namespace) and the node. Two
 * clusters or two nodes that share one engine never touch each other's.
 */
public record Owner(String cluster, String node) {}
