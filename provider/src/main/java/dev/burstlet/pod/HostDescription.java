package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The host as a node shows it: what it is, what it has, how it is.
 *
 * @param health whether the engine answers
 * @param capacity as the host reports it: cpu, memory, ephemeral-storage, extended resources
 * @param pressures the host's own shortages
 * @param images what the engine holds, largest first
 * @param runtimeHandlers names of the runtime handlers that a RuntimeClass may ask for
 * @param networkPodCidr the subnet that pods get their addresses from, or empty before it is known
 * @param supplementalGroupsPolicy whether pods may choose between Merge and Strict, and their
 *     containers' statuses tell their user
 */
public record HostDescription(
        Health health,
        SystemInfo system,
        Map<String, Quantity> capacity,
        Pressures pressures,
        List<Image> images,
        List<RuntimeHandler> runtimeHandlers,
        String networkPodCidr,
        boolean supplementalGroupsPolicy) {
    public HostDescription {
        capacity = Map.copyOf(capacity);
        images = List.copyOf(images);
        runtimeHandlers = List.copyOf(runtimeHandlers);
    }

    /** A host without a choice of policies for groups. */
    public HostDescription(
            Health health,
            SystemInfo system,
            Map<String, Quantity> capacity,
            Pressures pressures,
            List<Image> images,
            List<RuntimeHandler> runtimeHandlers,
            String networkPodCidr) {
        this(health, system, capacity, pressures, images, runtimeHandlers, networkPodCidr, false);
    }

    /**
     * Whether the engine answers.
     *
     * @param since when it became so: of a host that does not answer, when it last did
     * @param cause host and cause in words when it does not answer, else empty
     */
    public record Health(boolean reachable, Instant since, String cause) {}

    /**
     * The fields of the node's nodeInfo that the host knows; unknown ones are empty.
     *
     * @param os GOOS name, {@code linux}
     * @param arch GOARCH name, {@code amd64}
     * @param containerRuntimeVersion as {@code docker://20.10.24}
     */
    public record SystemInfo(
            String os,
            String arch,
            String kernelVersion,
            String osImage,
            String containerRuntimeVersion,
            String machineId,
            String systemUuid,
            String bootId) {}

    /** Shortages, each the cause in words, or empty where there is none. */
    public record Pressures(String memory, String disk, String pid) {
        public static final Pressures NONE = new Pressures("", "", "");
    }

    /** An image on the host. */
    public record Image(List<String> names, long sizeBytes) {
        public Image {
            names = List.copyOf(names);
        }
    }

    /** A runtime handler; the empty name is the default one. */
    public record RuntimeHandler(
            String name, boolean recursiveReadOnlyMounts, boolean userNamespaces) {}
}
