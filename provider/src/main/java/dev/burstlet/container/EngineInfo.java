package dev.burstlet.container;

import dev.burstlet.pod.HostDescription;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an engine and its host are and can do.
 *
 * @param scheme of container ids in a pod's status: {@code docker}, {@code containerd}
 * @param cpuMillis the host's CPUs, in thousandths
 * @param memoryBytes the host's memory
 * @param diskBytes the file system that containers and images are on; 0 where it is not known
 * @param diskAvailableBytes what is free of it
 * @param podCidr the subnet sandboxes get their addresses from; empty where it is not known
 * @param features what it can do beyond the common ground
 */
public record EngineInfo(
        String scheme,
        HostDescription.SystemInfo system,
        long cpuMillis,
        long memoryBytes,
        long diskBytes,
        long diskAvailableBytes,
        String podCidr,
        List<HostDescription.RuntimeHandler> runtimeHandlers,
        Set<Feature> features) {
    public EngineInfo {
        runtimeHandlers = List.copyOf(runtimeHandlers);
        features = Set.copyOf(features);
    }

    /** Whether mounts can be read-only with all that is mounted inside, by a runtime handler. */
    public boolean recursiveReadOnly(@Nullable String handler) {
        String name = handler == null ? "" : handler;
        return runtimeHandlers.stream()
                .filter(h -> h.name().equals(name))
                .findFirst()
                .map(HostDescription.RuntimeHandler::recursiveReadOnlyMounts)
                .orElseGet(() -> features.contains(Feature.RECURSIVE_READ_ONLY));
    }

    /** What not every engine can do. */
    public enum Feature {
        /** Sandboxes may join the host's network, PID or IPC namespace. */
        HOST_NAMESPACES,
        /** Containers of a pod may share a PID namespace. */
        SHARED_PID,
        HOST_PORTS,
        IN_PLACE_RESIZE,
        SECCOMP,
        APPARMOR,
        SELINUX,
        MOUNT_PROPAGATION,
        RECURSIVE_READ_ONLY,
        USER_NAMESPACES,
        IMAGE_VOLUMES,
        /** Containers get exactly the groups of a pod that asks for it, and tell their user. */
        SUPPLEMENTAL_GROUPS_POLICY,
        /** Pods' addresses are routed from where this process runs. */
        POD_NETWORK_ROUTED
    }
}
