package dev.burstlet.app.config;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A Docker Engine. */
public record Docker(
        @Key("unix:///var/run/docker.sock or tcp://HOST:2376") String endpoint,
        @Key("Certificates for tcp") @Nullable Tls tls,
        @Key(value = "Allow tcp without TLS", byDefault = "false") Boolean insecure,
        @Key(value = "Lifecycle calls at once", byDefault = "16") Integer parallelism,
        @Key(value = "Seconds until a call is given up", byDefault = "30") Integer timeoutSeconds,
        @Key(
                        value =
                                "Whether what leaves its pods' subnet gets the host's address; false where the network routes pods' addresses",
                        byDefault = "true")
                Boolean masquerade) {
    public Docker {
        if (endpoint == null || !endpoint.matches("unix:///.+|tcp://.+:\\d+")) {
            throw new IllegalArgumentException(
                    "endpoint: '" + endpoint + "' is neither unix:///PATH nor tcp://HOST:PORT");
        }
        insecure = Objects.requireNonNullElse(insecure, false);
        parallelism = Objects.requireNonNullElse(parallelism, 16);
        timeoutSeconds = Objects.requireNonNullElse(timeoutSeconds, 30);
        masquerade = Objects.requireNonNullElse(masquerade, true);
        if (endpoint.startsWith("tcp:") && tls == null && !insecure) {
            throw new IllegalArgumentException(
                    "endpoint: tcp needs tls.ca, tls.certificate and tls.key, or insecure: true");
        }
    }

    /** PEM files. */
    public record Tls(
            @Key("PEM file of the CA that signed the engine's certificate") String ca,
            @Key("PEM file of our certificate") String certificate,
            @Key("PEM file of our key") String key) {
        public Tls {
            if (ca == null || certificate == null || key == null) {
                throw new IllegalArgumentException("tls: ca, certificate and key are all needed");
            }
        }
    }
}
