package dev.burstlet.app.config;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An agent on another host. */
public record Agent(
        @Key("HOST:PORT of the agent") String endpoint,
        @Key("Our certificate, and the authority of the agent's") Docker.Tls tls,
        @Key(value = "The name in the agent's certificate", byDefault = "the host of the endpoint")
                @Nullable String serverName,
        @Key(value = "Seconds until a call is given up", byDefault = "30") Integer timeoutSeconds) {
    public Agent {
        if (endpoint == null) {
            throw new IllegalArgumentException("endpoint: HOST:PORT is needed");
        }
        HostPort.parse("endpoint", endpoint);
        if (tls == null) {
            throw new IllegalArgumentException("tls: ca, certificate and key are needed");
        }
        timeoutSeconds = Objects.requireNonNullElse(timeoutSeconds, 30);
    }
}
