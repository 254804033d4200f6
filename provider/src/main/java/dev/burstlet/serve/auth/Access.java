package dev.burstlet.serve.auth;

/**
 * What is asked of the node: a verb on a subresource of nodes, as {@code get} on {@code metrics}.
 */
public record Access(String verb, String subresource) {}
