package dev.burstlet.app.compose;

import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.config.Cri;
import dev.burstlet.app.config.Docker;
import dev.burstlet.app.config.Memory;
import dev.burstlet.app.config.Node;
import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineFactory;
import dev.burstlet.container.EngineSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens the container engine of a node; the backends are those on the class path. */
final class Engines {
    private static final Duration MEMORY_TIMEOUT = Duration.ofSeconds(30);
    private static final int MEMORY_PARALLELISM = 64;
    private static final long GIB = 1L << 30;

    private Engines() {}

    static ContainerEngine open(Node node) {
        String kind = kind(node);
        EngineFactory factory =
                ServiceLoader.load(EngineFactory.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(candidate -> candidate.kind().equals(kind))
                        .findFirst()
                        .orElseThrow(() ->
                                new ConfigurationException(
                                        "node "
                                                + node.name()
                                                + ": this build has no backend '"
                                                + kind
                                                + "'; it has "
                                                + kinds()));
        try {
            return factory.open(settings(node));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "node " + node.name() + ": " + kind + ": " + e.getMessage());
        }
    }

    static String kind(Node node) {
        return node.docker() != null ? "docker" : node.cri() != null ? "cri" : "memory";
    }

    /** Where a node's engine is, for messages. */
    static String endpoint(Node node) {
        return settings(node).endpoint();
    }

    private static String kinds() {
        return ServiceLoader.load(EngineFactory.class).stream()
                .map(provider -> provider.get().kind())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static EngineSettings settings(Node node) {
        @Nullable Docker docker = node.docker();
        @Nullable Cri cri = node.cri();
        @Nullable Memory memory = node.memory();
        if (docker != null) {
            return docker(node.name(), docker);
        }
        if (cri != null) {
            return new EngineSettings(
                    node.name(),
                    cri.endpoint(),
                    null,
                    false,
                    Duration.ofSeconds(cri.timeoutSeconds()),
                    cri.parallelism(),
                    Map.of("runtime-handler", cri.runtimeHandler(), "root", cri.root()));
        }
        Memory size = memory == null ? new Memory(64, 256) : memory;
        return new EngineSettings(
                node.name(),
                "memory:" + node.name(),
                null,
                false,
                MEMORY_TIMEOUT,
                MEMORY_PARALLELISM,
                Map.of(
                        "cpus",
                        size.cpus().toString(),
                        "memory",
                        Long.toString(size.memoryGib() * GIB),
                        "unknown-commands",
                        "run"));
    }

    private static EngineSettings docker(String name, Docker docker) {
        Docker.@Nullable Tls tls = docker.tls();
        return new EngineSettings(
                name,
                docker.endpoint(),
                tls == null
                        ? null
                        : new EngineSettings.Tls(
                                Path.of(tls.ca()), Path.of(tls.certificate()), Path.of(tls.key())),
                docker.insecure(),
                Duration.ofSeconds(docker.timeoutSeconds()),
                docker.parallelism(),
                Map.of("masquerade", docker.masquerade().toString()));
    }
}
