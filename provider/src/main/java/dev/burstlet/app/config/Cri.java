package dev.burstlet.app.config;

import java.util.Objects;

/** A CRI runtime on this host. */
public record Cri(
        @Key("unix:///run/containerd/containerd.sock") String endpoint,
        @Key(
                        value = "The runtime handler of pods without a RuntimeClass",
                        byDefault = "the runtime's default")
                String runtimeHandler,
        @Key(value = "Where pod directories are kept", byDefault = "/var/lib/burstlet") String root,
        @Key(value = "Lifecycle calls at once", byDefault = "16") Integer parallelism,
        @Key(value = "Seconds until a call is given up", byDefault = "120")
                Integer timeoutSeconds) {
    public Cri {
        if (endpoint == null || !endpoint.startsWith("unix:///")) {
            throw new IllegalArgumentException("endpoint: '" + endpoint + "' is not unix:///PATH");
        }
        runtimeHandler = Objects.requireNonNullElse(runtimeHandler, "");
        root = Objects.requireNonNullElse(root, "/var/lib/burstlet");
        parallelism = Objects.requireNonNullElse(parallelism, 16);
        timeoutSeconds = Objects.requireNonNullElse(timeoutSeconds, 120);
    }
}
