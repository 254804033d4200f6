package dev.burstlet.container;

import org.jspecify.annotations.Nullable;

/**
 * The pod network of a host.
 *
 * @param subnet in CIDR form, or null to let the engine choose
 * @param mtu in bytes, or null for the engine's default
 */
public record NetworkSpec(Owner owner, @Nullable String subnet, @Nullable Integer mtu) {}
