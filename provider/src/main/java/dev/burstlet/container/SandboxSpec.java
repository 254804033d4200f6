package dev.burstlet.container;

import dev.burstlet.pod.PodKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod's sandbox: what its containers share.
 *
 * @param attempt 0 for a pod's first sandbox, then rising
 * @param hostname the name inside; null leaves the host's (host network)
 * @param volumes the names of the pod's volumes, which the sandbox keeps alive
 * @param cgroupParent under which the engine puts the pod, or empty for its default
 * @param resources of the pod's containers together: what a VM is sized by
 * @param overhead of the sandbox itself, which the host has to have beside them
 * @param runtimeHandler empty for the engine's default
 */
public record SandboxSpec(
        Owner owner,
        PodKey pod,
        int attempt,
        @Nullable String hostname,
        Dns dns,
        List<PortMapping> ports,
        Namespaces namespaces,
        Map<String, String> sysctls,
        SecuritySpec security,
        Resources resources,
        Resources overhead,
        List<VolumeSpec> volumes,
        String runtimeHandler,
        String cgroupParent,
        Map<String, String> labels,
        Map<String, String> annotations) {
    public SandboxSpec {
        ports = List.copyOf(ports);
        sysctls = Map.copyOf(sysctls);
        volumes = List.copyOf(volumes);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** The contents of resolv.conf; all empty leaves the engine's default, the host's own. */
    public record Dns(List<String> servers, List<String> searches, List<String> options) {
        public static final Dns HOST = new Dns(List.of(), List.of(), List.of());

        public Dns {
            servers = List.copyOf(servers);
            searches = List.copyOf(searches);
            options = List.copyOf(options);
        }
    }

    /**
     * A port of the pod on the host.
     *
     * @param protocol TCP, UDP or SCTP
     * @param hostPort never 0: a container port without a host port needs no mapping
     * @param hostIp empty for all addresses
     */
    public record PortMapping(String protocol, int containerPort, int hostPort, String hostIp) {}

    /**
     * Whose namespaces.
     *
     * @param sharePid containers share one PID namespace, the sandbox's
     * @param userNamespace the pod has a user namespace of its own (hostUsers: false)
     */
    public record Namespaces(
            boolean hostNetwork,
            boolean hostPid,
            boolean hostIpc,
            boolean sharePid,
            boolean userNamespace) {
        public static final Namespaces POD = new Namespaces(false, false, false, false, false);
    }
}
