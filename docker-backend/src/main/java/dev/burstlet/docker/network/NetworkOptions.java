package dev.burstlet.docker.network;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a host's configuration says about the pod network.
 *
 * @param masquerade whether what leaves the pods' subnet gets the host's address; to be switched
 *     off where the network around routes pods' addresses itself
 * @param routed whether pods' addresses are said to be routed from here; null to find out
 */
public record NetworkOptions(boolean masquerade, @Nullable Boolean routed) {
    /** Out of an engine's options {@code masquerade} and {@code podNetworkRouted}. */
    public static NetworkOptions of(Map<String, String> options) {
        return new NetworkOptions(
                flag("masquerade", options.getOrDefault("masquerade", "true")),
                options.containsKey("podNetworkRouted")
                        ? flag("podNetworkRouted", options.getOrDefault("podNetworkRouted", ""))
                        : null);
    }

    private static boolean flag(String key, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "options." + key + ": " + value + " is neither true nor false");
        };
    }
}
