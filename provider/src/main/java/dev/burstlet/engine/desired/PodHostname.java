package dev.burstlet.engine.desired;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pod's names: the short one and the domain after it, by the rules of the Kubernetes
 * documentation ("DNS for Services and Pods").
 *
 * @param name at most 63 characters
 * @param domain as {@code subdomain.namespace.svc.cluster.local}, or empty
 */
record PodHostname(String name, String domain) {
    private static final int NAME_LIMIT = 63;
    private static final int KERNEL_LIMIT = 64;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    /**
     * The names of a pod.
     *
     * @throws IllegalArgumentException for a name that is none, naming the field
     */
    static PodHostname of(Pod pod, String clusterDomain) {
        String override = pod.getSpec().getHostnameOverride();
        if (override != null && !override.isEmpty()) {
            check(
                    override.length() <= 253 && matches(SUBDOMAIN, override),
                    "HostnameOverride",
                    override,
                    "subdomain");
            return new PodHostname(truncated(override), "");
        }
        String name = pod.getMetadata().getName();
        String hostname = pod.getSpec().getHostname();
        if (given(hostname)) {
            check(matches(LABEL, hostname), "Hostname", hostname, "label");
            name = hostname;
        }
        String subdomain = pod.getSpec().getSubdomain();
        if (!given(subdomain)) {
            return new PodHostname(truncated(name), "");
        }
        check(matches(LABEL, subdomain), "Subdomain", subdomain, "label");
        return new PodHostname(
                truncated(name),
                "%s.%s.svc.%s"
                        .formatted(subdomain, pod.getMetadata().getNamespace(), clusterDomain));
    }

    /**
     * What {@code hostname} prints in the pod.
     *
     * @param fqdn setHostnameAsFQDN
     * @throws IllegalArgumentException where the kernel has no room for it
     */
    String kernelName(boolean fqdn) {
        if (!fqdn || domain.isEmpty()) {
            return name;
        }
        String full = name + "." + domain;
        if (full.length() > KERNEL_LIMIT) {
            throw new IllegalArgumentException(
                    "failed to construct FQDN from pod hostname and cluster domain, FQDN %s is too long (%d characters is the max, %d characters requested)"
                            .formatted(full, KERNEL_LIMIT, full.length()));
        }
        return full;
    }

    private static boolean given(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    private static boolean matches(Pattern pattern, String text) {
        return pattern.matcher(text).matches();
    }

    private static void check(boolean valid, String field, String value, String kind) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "pod %s \"%s\" is not a valid DNS %s".formatted(field, value, kind));
        }
    }

    private static String truncated(String name) {
        if (name.length() <= NAME_LIMIT) {
            return name;
        }
        int end = NAME_LIMIT;
        while (end > 0 && (name.charAt(end - 1) == '-' || name.charAt(end - 1) == '.')) {
            end--;
        }
        return name.substring(0, end);
    }
}
