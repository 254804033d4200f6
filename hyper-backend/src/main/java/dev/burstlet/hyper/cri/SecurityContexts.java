package dev.burstlet.hyper.cri;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SecuritySpec;
import dev.burstlet.hyper.proto.cri.Capability;
import dev.burstlet.hyper.proto.cri.Int64Value;
import dev.burstlet.hyper.proto.cri.LinuxContainerSecurityContext;
import dev.burstlet.hyper.proto.cri.LinuxSandboxSecurityContext;
import dev.burstlet.hyper.proto.cri.NamespaceMode;
import dev.burstlet.hyper.proto.cri.NamespaceOption;
import dev.burstlet.hyper.proto.cri.SELinuxOption;
import dev.burstlet.hyper.proto.cri.SecurityProfile;
import dev.burstlet.hyper.proto.cri.SupplementalGroupsPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Security contexts as the CRI has them. */
final class SecurityContexts {
    /** What procMount Default hides; the CRI expects its caller to name it. */
    private static final List<String> MASKED =
            List.of(
                    "/proc/asound",
                    "/proc/acpi",
                    "/proc/interrupts",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/proc/scsi",
                    "/sys/firmware",
                    "/sys/devices/virtual/powercap");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private final SeccompProfiles seccompProfiles;

    SecurityContexts(SeccompProfiles seccompProfiles) {
        this.seccompProfiles = seccompProfiles;
    }

    LinuxSandboxSecurityContext sandbox(SandboxSpec spec) {
        SecuritySpec security = spec.security();
        LinuxSandboxSecurityContext.Builder context =
                LinuxSandboxSecurityContext.newBuilder()
                        .setNamespaceOptions(namespaces(spec.namespaces()))
                        .setReadonlyRootfs(security.readOnlyRootfs())
                        .addAllSupplementalGroups(security.supplementalGroups())
                        .setSupplementalGroupsPolicy(policy(security))
                        .setPrivileged(security.privileged());
        @Nullable Long user = security.user();
        @Nullable Long group = security.group();
        if (user != null) {
            context.setRunAsUser(number(user));
            if (group != null) {
                context.setRunAsGroup(number(group));
            }
        }
        SecuritySpec.@Nullable SeLinux seLinux = security.seLinux();
        if (seLinux != null) {
            context.setSelinuxOptions(seLinux(seLinux));
        }
        if (!security.seccomp().isEmpty()) {
            context.setSeccomp(seccomp(security.seccomp()));
        }
        if (!security.apparmor().isEmpty()) {
            context.setApparmor(apparmor(security.apparmor()));
        }
        return context.build();
    }

    /**
     * A container's.
     *
     * @param imageUser whom the image's containers run as; a runtime gives a process the groups
     *     that the image's accounts give to its user only where it is told the user
     */
    LinuxContainerSecurityContext container(ContainerSpec spec, String imageUser) {
        SecuritySpec security = spec.security();
        LinuxContainerSecurityContext.Builder context =
                LinuxContainerSecurityContext.newBuilder()
                        .setCapabilities(
                                Capability.newBuilder()
                                        .addAllAddCapabilities(security.addCapabilities())
                                        .addAllDropCapabilities(security.dropCapabilities()))
                        .setPrivileged(security.privileged())
                        .setNamespaceOptions(namespaces(spec))
                        .setReadonlyRootfs(security.readOnlyRootfs())
                        .addAllSupplementalGroups(security.supplementalGroups())
                        .setSupplementalGroupsPolicy(policy(security))
                        .setNoNewPrivs(security.noNewPrivileges());
        @Nullable Long user = security.user();
        @Nullable Long group = security.group();
        if (user != null) {
            context.setRunAsUser(number(user));
        } else if (imageUser.matches("[0-9]{1,10}")) {
            context.setRunAsUser(number(Long.parseLong(imageUser)));
        } else if (!imageUser.isEmpty()) {
            context.setRunAsUsername(imageUser);
        } else if (group != null) {
            context.setRunAsUser(number(0));
        }
        if (group != null) {
            context.setRunAsGroup(number(group));
        }
        SecuritySpec.@Nullable SeLinux seLinux = security.seLinux();
        if (seLinux != null) {
            context.setSelinuxOptions(seLinux(seLinux));
        }
        if (!security.seccomp().isEmpty()) {
            context.setSeccomp(seccomp(security.seccomp()));
        }
        if (!security.apparmor().isEmpty()) {
            context.setApparmor(apparmor(security.apparmor()));
        }
        if (!security.unmaskedProc()) {
            context.addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY);
        }
        return context.build();
    }

    private static SupplementalGroupsPolicy policy(SecuritySpec security) {
        return security.strictGroups()
                ? SupplementalGroupsPolicy.Strict
                : SupplementalGroupsPolicy.Merge;
    }

    private static NamespaceOption namespaces(ContainerSpec spec) {
        NamespaceOption.Builder option = namespaces(spec.sandbox().namespaces()).toBuilder();
        @Nullable String target = spec.targetContainerId();
        if (spec.kind() == ContainerKind.EPHEMERAL && target != null) {
            option.setPid(NamespaceMode.TARGET).setTargetId(target);
        }
        return option.build();
    }

    private static NamespaceOption namespaces(SandboxSpec.Namespaces namespaces) {
        NamespaceMode pid =
                namespaces.hostPid()
                        ? NamespaceMode.NODE
                        : namespaces.sharePid() ? NamespaceMode.POD : NamespaceMode.CONTAINER;
        return NamespaceOption.newBuilder()
                .setNetwork(namespaces.hostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(pid)
                .setIpc(namespaces.hostIpc() ? NamespaceMode.NODE : NamespaceMode.POD)
                .build();
    }

    private SecurityProfile seccomp(String profile) {
        return switch (profile) {
            case "RuntimeDefault" -> profile(SecurityProfile.ProfileType.RuntimeDefault);
            case "Unconfined" -> profile(SecurityProfile.ProfileType.Unconfined);
            default ->
                    SecurityProfile.newBuilder()
                            .setProfileType(SecurityProfile.ProfileType.Localhost)
                            .setLocalhostRef(seccompProfiles.file(profile).toString())
                            .build();
        };
    }

    private static SecurityProfile apparmor(String profile) {
        return switch (profile) {
            case "unconfined" -> profile(SecurityProfile.ProfileType.Unconfined);
            case "runtime/default" -> profile(SecurityProfile.ProfileType.RuntimeDefault);
            default ->
                    SecurityProfile.newBuilder()
                            .setProfileType(SecurityProfile.ProfileType.Localhost)
                            .setLocalhostRef(profile)
                            .build();
        };
    }

    private static SecurityProfile profile(SecurityProfile.ProfileType type) {
        return SecurityProfile.newBuilder().setProfileType(type).build();
    }

    private static SELinuxOption seLinux(SecuritySpec.SeLinux seLinux) {
        return SELinuxOption.newBuilder()
                .setUser(seLinux.user())
                .setRole(seLinux.role())
                .setType(seLinux.type())
                .setLevel(seLinux.level())
                .build();
    }

    private static Int64Value number(long value) {
        return Int64Value.newBuilder().setValue(value).build();
    }
}
