package dev.burstlet.engine.agent;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach an agent.
 *
 * @param serverName the name in the agent's certificate, or null for the host
 * @param callTimeout the deadline of an ordinary call
 */
public record AgentEndpoint(
        String host, int port, Tls tls, @Nullable String serverName, Duration callTimeout) {
    /** PEM files, read again when they change. */
    public record Tls(Path ca, Path certificate, Path key) {}
}
