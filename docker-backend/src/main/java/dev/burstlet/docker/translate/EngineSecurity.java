package dev.burstlet.docker.translate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.container.SecuritySpec;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a process may do, as the Docker Engine API has it. */
final class EngineSecurity {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EngineSecurity() {}

    /** All of it, for a container. */
    static void write(
            ObjectNode body, ObjectNode hostConfig, SecuritySpec security, ProcessUser user) {
        body.put("User", user.uid() + ":" + user.gid());
        strings(hostConfig, "GroupAdd", user.groups());
        hostConfig.put("Privileged", security.privileged());
        hostConfig.put("ReadonlyRootfs", security.readOnlyRootfs());
        strings(hostConfig, "CapAdd", security.addCapabilities());
        strings(hostConfig, "CapDrop", security.dropCapabilities());
        if (security.unmaskedProc()) {
            hostConfig.putArray("MaskedPaths");
            hostConfig.putArray("ReadonlyPaths");
        }
        options(hostConfig.putArray("SecurityOpt"), security);
    }

    /** The options, which a sandbox has too. */
    static void options(ArrayNode options, SecuritySpec security) {
        if (security.noNewPrivileges()) {
            options.add("no-new-privileges");
        }
        seccomp(options, security.seccomp());
        if (!security.apparmor().isEmpty()) {
            options.add("apparmor=" + security.apparmor());
        }
        SecuritySpec.@Nullable SeLinux labels = security.seLinux();
        if (labels != null) {
            label(options, "user", labels.user());
            label(options, "role", labels.role());
            label(options, "type", labels.type());
            label(options, "level", labels.level());
        }
    }

    private static void seccomp(ArrayNode options, String profile) {
        switch (profile) {
            case "", "RuntimeDefault" -> {}
            case "Unconfined" -> options.add("seccomp=unconfined");
            default -> options.add("seccomp=" + compact(profile));
        }
    }

    private static String compact(String profile) {
        try {
            return JSON.readTree(profile).toString();
        } catch (JsonProcessingException e) {
            throw new BackendException(
                    Reason.INVALID, "securityContext.seccompProfile: the profile is not JSON", e);
        }
    }

    private static void label(ArrayNode options, String part, String value) {
        if (!value.isEmpty()) {
            options.add("label=" + part + ":" + value);
        }
    }

    private static void strings(ObjectNode hostConfig, String key, List<?> values) {
        if (!values.isEmpty()) {
            ArrayNode list = hostConfig.putArray(key);
            values.forEach(value -> list.add(value.toString()));
        }
    }
}
