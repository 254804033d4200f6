package dev.burstlet.sync.admission;

import java.util.List;
import java.util.Set;

/**
 * What pods of a node may ask for beyond the safe things; all closed by default.
 *
 * @param hostPaths directories below which hostPath volumes may lie
 * @param capabilities names of capabilities that may be added, {@code *} for all
 * @param unsafeSysctls names, or prefixes that end in {@code *}
 */
public record Policy(
        List<String> hostPaths,
        boolean privileged,
        boolean hostNetwork,
        boolean hostPid,
        boolean hostIpc,
        List<String> capabilities,
        List<String> unsafeSysctls) {
    public static final Policy CLOSED =
            new Policy(List.of(), false, false, false, false, List.of(), List.of());
    public static final Policy OPEN =
            new Policy(List.of("/"), true, true, true, true, List.of("*"), List.of("*"));

    /** What container runtimes give every container anyway. */
    private static final Set<String> DEFAULT_CAPABILITIES =
            Set.of(
                    "AUDIT_WRITE",
                    "CHOWN",
                    "DAC_OVERRIDE",
                    "FOWNER",
                    "FSETID",
                    "KILL",
                    "MKNOD",
                    "NET_BIND_SERVICE",
                    "NET_RAW",
                    "SETFCAP",
                    "SETGID",
                    "SETPCAP",
                    "SETUID",
                    "SYS_CHROOT");

    /** Whether a container may add this capability to the default set. */
    boolean mayAdd(String capability) {
        String name = capability.startsWith("CAP_") ? capability.substring(4) : capability;
        return DEFAULT_CAPABILITIES.contains(name)
                || capabilities.contains("*")
                || capabilities.contains(name);
    }

    /** Whether a hostPath volume may show this path; one that climbs up may not. */
    boolean allowsHostPath(String path) {
        return hostPaths.contains("/")
                || (!path.contains("..")
                        && hostPaths.stream()
                                .anyMatch(allowed ->
                                        path.equals(allowed) || path.startsWith(allowed + "/")));
    }

    public Policy {
        hostPaths = List.copyOf(hostPaths);
        capabilities = List.copyOf(capabilities);
        unsafeSysctls = List.copyOf(unsafeSysctls);
    }
}
