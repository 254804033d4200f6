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
     * with aliases it gets one of ours, which begins with the host's entries.
     */
    static boolean managed(Pod pod) {
        return !onHostNetwork(pod) || extendsHosts(pod);
    }

    /** Whether the host's own entries are needed for it. */
    static boolean extendsHosts(Pod pod) {
        return onHostNetwork(pod) && !pod.getSpec().getHostAliases().isEmpty();
    }

    /**
     * The file of a pod on the host's network.
     *
     * @param host the host's own file; empty where it is not known
     */
    static String ofHost(Pod pod, String host, String nodeName, List<String> ips) {
        StringBuilder out = new StringBuilder("# Kubernetes-managed hosts file (host network).\n");
        if (host.isEmpty()) {
            out.append(LOCAL);
            ips.forEach(ip -> out.append(ip).append('\t').append(nodeName).append('\n'));
        } else {
            out.append(host);
        }
        return aliases(pod, out);
    }

    static String content(Pod pod, PodHostname hostname, List<String> ips) {
        StringBuilder out = new StringBuilder("# Kubernetes-managed hosts file.\n").append(LOCAL);
        for (String ip : ips) {
            out.append(ip).append('\t');
            if (!hostname.domain().isEmpty()) {
                out.append(hostname.name()).append('.').append(hostname.domain()).append('\t');
            }
            out.append(hostname.name()).append('\n');
        }
        return aliases(pod, out);
    }

    private static String aliases(Pod pod, StringBuilder out) {
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
