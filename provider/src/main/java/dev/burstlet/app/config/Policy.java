package dev.burstlet.app.config;

import java.util.List;
import java.util.Objects;

/** What a tenant may ask for; closed by default. */
public record Policy(
        @Key(value = "securityContext.privileged", byDefault = "false") Boolean privileged,
        @Key(value = "hostNetwork", byDefault = "false") Boolean hostNetwork,
        @Key(value = "hostPID", byDefault = "false") Boolean hostPid,
        @Key(value = "hostIPC", byDefault = "false") Boolean hostIpc,
        @Key(value = "hostPath volumes below these paths; [/] for all", byDefault = "[]")
                List<String> hostPaths,
        @Key(
                        value =
                                "Capabilities that may be added beyond the runtime's default set; [ALL] for any",
                        byDefault = "[]")
                List<String> addCapabilities,
        @Key(value = "Unsafe sysctls that are allowed, a trailing * matches", byDefault = "[]")
                List<String> unsafeSysctls) {
    public Policy {
        privileged = Objects.requireNonNullElse(privileged, false);
        hostNetwork = Objects.requireNonNullElse(hostNetwork, false);
        hostPid = Objects.requireNonNullElse(hostPid, false);
        hostIpc = Objects.requireNonNullElse(hostIpc, false);
        hostPaths = List.copyOf(Objects.requireNonNullElse(hostPaths, List.of()));
        addCapabilities = List.copyOf(Objects.requireNonNullElse(addCapabilities, List.of()));
        unsafeSysctls = List.copyOf(Objects.requireNonNullElse(unsafeSysctls, List.of()));
        for (String path : hostPaths) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("hostPaths: '" + path + "' is not absolute");
            }
        }
    }

    static Policy defaults() {
        return new Policy(false, false, false, false, List.of(), List.of(), List.of());
    }
}
