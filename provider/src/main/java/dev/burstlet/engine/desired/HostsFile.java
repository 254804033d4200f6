package dev.burstlet.engine.desired;

import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** The hosts file that a pod's containers see, line for line the kubelet's. */
final class HostsFile {
    private static final String LOCAL =
            """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            fe00::0\tip6-mcastprefix
            fe00::1\tip6-allnodes
            fe00::2\tip6-allrouters
            """;

    private HostsFile() {}

    /**
     * Whether a pod gets a file of ours. A pod on the host's network sees the host's own file; only
     * with aliases it gets one of ours, which has the node's name but not the host's other entries.
     */
    static boolean managed(Pod pod) {
        return !onHostNetwork(pod) || !pod.getSpec().getHostAliases().isEmpty();
    }

    static String content(Pod pod, PodHostname hostname, String nodeName, List<String> ips) {
        boolean host = onHostNetwork(pod);
        StringBuilder out = new StringBuilder("# Kubernetes-managed hosts file");
        out.append(host ? " (host network).\n" : ".\n").append(LOCAL);
        for (String ip : ips) {
            out.append(ip).append('\t');
            if (!host && !hostname.domain().isEmpty()) {
                out.append(hostname.name()).append('.').append(hostname.domain()).append('\t');
            }
            out.append(host ? nodeName : hostname.name()).append('\n');
        }
        if (!pod.getSpec().getHostAliases().isEmpty()) {
            out.append("\n# Entries added by HostAliases.\n");
        }
        for (HostAlias alias : pod.getSpec().getHostAliases()) {
            out.append(alias.getIp())
                    .append('\t')
                    .append(String.join("\t", alias.getHostnames()))
                    .append('\n');
        }
        return out.toString();
    }

    private static boolean onHostNetwork(Pod pod) {
        return Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
    }
}
