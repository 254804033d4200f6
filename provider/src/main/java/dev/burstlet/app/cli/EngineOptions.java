package dev.burstlet.app.cli;

import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.config.ConfigurationReader;
import dev.burstlet.app.config.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name this host's engine. */
final class EngineOptions {
    @Option(
            names = "--cri",
            paramLabel = "ENDPOINT",
            description = "This host's CRI runtime, as unix:///run/containerd/containerd.sock.")
    @Nullable String cri;

    @Option(
            names = "--runtime-handler",
            paramLabel = "NAME",
            description = "With --cri: the handler of pods without a RuntimeClass, as kata.")
    @Nullable String runtimeHandler;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "With --cri: where pod directories are kept (default /var/lib/burstlet).")
    @Nullable String root;

    @Option(
            names = "--docker",
            paramLabel = "ENDPOINT",
            description = "This host's Docker Engine, as unix:///var/run/docker.sock.")
    @Nullable String docker;

    @Option(names = "--memory", description = "The in-memory engine, for trying and simulation.")
    boolean memory;

    boolean any() {
        return cri != null || docker != null || memory;
    }

    /** A node on the engine, as a file would describe it. */
    Node node() {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("name", "this-host");
        if (cri != null) {
            Map<String, Object> keys = new LinkedHashMap<>(Map.of("endpoint", cri));
            if (runtimeHandler != null) {
                keys.put("runtimeHandler", runtimeHandler);
            }
            if (root != null) {
                keys.put("root", root);
            }
            described.put("cri", keys);
        } else if (runtimeHandler != null || root != null) {
            throw new ConfigurationException("--runtime-handler and --root go with --cri");
        }
        if (docker != null) {
            described.put("docker", Map.of("endpoint", docker));
        }
        if (memory) {
            described.put("memory", Map.of());
        }
        if (!any()) {
            throw new ConfigurationException("give --cri, --docker or --memory");
        }
        return ConfigurationReader.parse(
                        ConfigurationReader.write(Map.of("nodes", List.of(described))))
                .nodes()
                .getFirst();
    }
}
