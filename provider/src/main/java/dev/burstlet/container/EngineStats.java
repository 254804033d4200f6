package dev.burstlet.container;

import dev.burstlet.pod.HostStats;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Usage as the engine tells it.
 *
 * @param maxProcesses that the host can have
 * @param containers by container id
 * @param sandboxes by sandbox id
 */
public record EngineStats(
        HostStats.Usage host,
        HostStats.@Nullable Network hostNetwork,
        HostStats.@Nullable Filesystem rootfs,
        HostStats.@Nullable Filesystem imagefs,
        @Nullable Long maxProcesses,
        List<ContainerUsage> containers,
        Map<String, SandboxUsage> sandboxes) {
    public EngineStats {
        containers = List.copyOf(containers);
        sandboxes = Map.copyOf(sandboxes);
    }

    /** One container. */
    public record ContainerUsage(
            String containerId,
            HostStats.Usage usage,
            HostStats.@Nullable Filesystem rootfs,
            HostStats.Details details) {}

    /** What a pod's containers share; usage is null where only the containers' sum is known. */
    public record SandboxUsage(
            HostStats.@Nullable Usage usage, HostStats.@Nullable Network network) {}
}
