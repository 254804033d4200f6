package dev.burstlet.serve;

import java.time.Instant;
import java.util.Map;

/**
 * What the process says of itself on its z-pages.
 *
 * @param version of the kubelet whose behaviour this is, as {@code v1.36.0}
 * @param flags of the command line by their names, with their values; none of them is secret
 * @param started when the process began
 */
public record Component(String version, Map<String, String> flags, Instant started) {
    public Component {
        flags = Map.copyOf(flags);
    }
}
