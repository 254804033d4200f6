package dev.burstlet.container;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process may do. Null or empty is the engine's default.
 *
 * @param user the number, or null for the image's own user
 * @param group the number, with the image's own user where there is no {@code user}; or null for
 *     the group that the image's accounts give to the user
 * @param supplementalGroups further group numbers, fsGroup among them
 * @param seccomp {@code RuntimeDefault}, {@code Unconfined}, or the profile's JSON text
 * @param apparmor profile name, {@code unconfined}, or empty for the default
 * @param unmaskedProc procMount: Unmasked
 * @param strictGroups whether the process gets the groups named here alone, and none that the
 *     image's {@code /etc/group} gives to its user
 */
public record SecuritySpec(
        @Nullable Long user,
        @Nullable Long group,
        List<Long> supplementalGroups,
        boolean privileged,
        boolean noNewPrivileges,
        boolean readOnlyRootfs,
        List<String> addCapabilities,
        List<String> dropCapabilities,
        String seccomp,
        String apparmor,
        @Nullable SeLinux seLinux,
        boolean unmaskedProc,
        boolean strictGroups) {
    public static final SecuritySpec DEFAULT =
            new SecuritySpec(
                    null, null, List.of(), false, false, false, List.of(), List.of(), "", "", null,
                    false, false);

    public SecuritySpec {
        supplementalGroups = List.copyOf(supplementalGroups);
        addCapabilities = List.copyOf(addCapabilities);
        dropCapabilities = List.copyOf(dropCapabilities);
    }

    /** SELinux labels; empty parts are the default's. */
    public record SeLinux(String user, String role, String type, String level) {}
}
