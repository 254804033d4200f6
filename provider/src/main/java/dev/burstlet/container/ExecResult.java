package dev.burstlet.container;

/** The end of a command; its stdout and stderr in the order they came, cut at the limit. */
public record ExecResult(int exitCode, String output) {}
