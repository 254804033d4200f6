package dev.burstlet.sync.admission;

import java.util.List;

/**
 * What pods of a node may ask for beyond the safe things; all closed by default.
 *
 * @param capabilities names of capabilities that may be added, {@code *} for all
 * @param unsafeSysctls names, or prefixes that end in {@code *}
 */
public record Policy(
        boolean hostPath,
        boolean privileged,
        boolean hostNetwork,
        boolean hostPid,
        boolean hostIpc,
        List<String> capabilities,
        List<String> unsafeSysctls) {
    public static final Policy CLOSED =
            new Policy(false, false, false, false, false, List.of(), List.of());
    public static final Policy OPEN =
            new Policy(true, true, true, true, true, List.of("*"), List.of("*"));

    public Policy {
        capabilities = List.copyOf(capabilities);
        unsafeSysctls = List.copyOf(unsafeSysctls);
    }
}
