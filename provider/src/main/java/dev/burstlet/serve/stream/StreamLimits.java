package dev.burstlet.serve.stream;

import java.time.Duration;

/**
 * How long streams may take.
 *
 * @param idle without data in either direction, before the connection is closed
 * @param creation for a client to open the streams that it asked for
 * @param goodbye for a client to take the last bytes and close
 */
public record StreamLimits(Duration idle, Duration creation, Duration goodbye) {
    /** The kubelet's. */
    public static final StreamLimits DEFAULT =
            new StreamLimits(Duration.ofHours(4), Duration.ofSeconds(30), Duration.ofSeconds(10));
}
