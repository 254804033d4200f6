package dev.burstlet.sync.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a pod that this node's policy refuses, each with its path. Pure. */
final class PolicyCheck {
    /** As the kubelet's list; those of the network need a network namespace of the pod's own. */
    private static final Set<String> SAFE_SYSCTLS =
            Set.of(
                    "kernel.shm_rmid_forced",
                    "net.ipv4.ip_local_port_range",
                    "net.ipv4.tcp_syncookies",
                    "net.ipv4.ping_group_range",
                    "net.ipv4.ip_unprivileged_port_start",
                    "net.ipv4.ip_local_reserved_ports",
                    "net.ipv4.tcp_keepalive_time",
                    "net.ipv4.tcp_fin_timeout",
                    "net.ipv4.tcp_keepalive_intvl",
                    "net.ipv4.tcp_keepalive_probes",
                    "net.ipv4.tcp_rmem",
                    "net.ipv4.tcp_wmem");

    private final Policy policy;
    private final PodSpec spec;
    private final List<String> refused = new ArrayList<>();

    private PolicyCheck(Policy policy, PodSpec spec) {
        this.policy = policy;
        this.spec = spec;
    }

    /** What the policy refuses; empty when nothing. */
    static List<String> refusals(Policy policy, PodSpec spec) {
        PolicyCheck check = new PolicyCheck(policy, spec);
        check.host();
        check.volumes();
        check.containers();
        return check.refused;
    }

    /** The sysctls that are neither safe nor allowed. */
    static List<String> forbiddenSysctls(Policy policy, PodSpec spec) {
        if (spec.getSecurityContext() == null) {
            return List.of();
        }
        return spec.getSecurityContext().getSysctls().stream()
                .map(Sysctl::getName)
                .map(name -> name.replace('/', '.'))
                .filter(name -> !SAFE_SYSCTLS.contains(name) && !allowed(policy, name))
                .toList();
    }

    private static boolean allowed(Policy policy, String sysctl) {
        return policy.unsafeSysctls().stream()
                .anyMatch(pattern ->
                        pattern.endsWith("*")
                                ? sysctl.startsWith(pattern.substring(0, pattern.length() - 1))
                                : sysctl.equals(pattern));
    }

    private void host() {
        refuseIf(isTrue(spec.getHostNetwork()) && !policy.hostNetwork(), "spec.hostNetwork");
        refuseIf(isTrue(spec.getHostPID()) && !policy.hostPid(), "spec.hostPID");
        refuseIf(isTrue(spec.getHostIPC()) && !policy.hostIpc(), "spec.hostIPC");
    }

    private void volumes() {
        for (int i = 0; i < spec.getVolumes().size(); i++) {
            refuseIf(
                    spec.getVolumes().get(i).getHostPath() != null
                            && !policy.allowsHostPath(
                                    spec.getVolumes().get(i).getHostPath().getPath()),
                    "spec.volumes[" + i + "].hostPath");
        }
    }

    private void containers() {
        List<Container> inits = spec.getInitContainers();
        for (int i = 0; i < inits.size(); i++) {
            container("spec.initContainers[" + i + "]", inits.get(i).getSecurityContext());
        }
        List<Container> containers = spec.getContainers();
        for (int i = 0; i < containers.size(); i++) {
            container("spec.containers[" + i + "]", containers.get(i).getSecurityContext());
        }
        List<EphemeralContainer> ephemeral = spec.getEphemeralContainers();
        for (int i = 0; i < ephemeral.size(); i++) {
            container("spec.ephemeralContainers[" + i + "]", ephemeral.get(i).getSecurityContext());
        }
    }

    private void container(String path, @Nullable SecurityContext context) {
        if (context == null) {
            return;
        }
        refuseIf(
                isTrue(context.getPrivileged()) && !policy.privileged(),
                path + ".securityContext.privileged");
        if (context.getCapabilities() == null || policy.capabilities().contains("*")) {
            return;
        }
        for (String capability : context.getCapabilities().getAdd()) {
            refuseIf(
                    !policy.mayAdd(capability),
                    path + ".securityContext.capabilities.add: " + capability);
        }
    }

    private void refuseIf(boolean refuse, String path) {
        if (refuse) {
            refused.add(path);
        }
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}
