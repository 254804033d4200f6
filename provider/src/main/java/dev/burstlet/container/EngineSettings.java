package dev.burstlet.container;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach an engine.
 *
 * @param name of the host, for messages
 * @param endpoint as {@code unix:///var/run/docker.sock} or {@code tcp://host:2376}
 * @param tls for tcp, or null
 * @param insecure plain tcp is allowed
 * @param callTimeout the deadline of an ordinary call
 * @param parallelism at most so many lifecycle calls at once; probes and streams have their own
 * @param options further settings of the kind
 */
public record EngineSettings(
        String name,
        String endpoint,
        @Nullable Tls tls,
        boolean insecure,
        Duration callTimeout,
        int parallelism,
        Map<String, String> options) {
    public EngineSettings {
        options = Map.copyOf(options);
    }

    /** PEM files, read again when they change. */
    public record Tls(Path ca, Path certificate, Path key) {}
}
