package dev.burstlet.engine.desired;

/** Something about a pod's spec that is done otherwise than asked; becomes a Warning event. */
public record Warning(String reason, String message) {}
