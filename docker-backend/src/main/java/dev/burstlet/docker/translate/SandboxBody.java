package dev.burstlet.docker.translate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Resources;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxSpec.Namespaces;
import dev.burstlet.container.SandboxSpec.PortMapping;
import dev.burstlet.container.SecuritySpec;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The request that creates a sandbox: a container of our pause image. */
public final class SandboxBody {
    /**
     * What a sandbox gets of the CPU, and how late it is killed for memory. Its own process only
     * waits; the share is for what runs beside it for moments: forwarded ports, publications,
     * probes and the reading of the host, which would starve on a busy host with the least share.
     */
    private static final Resources OWN = new Resources(1024, 0, 0, 0, -998, 0);

    private static final long SHM_BYTES = 64L << 20;
    private static final LogLimits LOG = new LogLimits("64k", 1);

    private SandboxBody() {}

    /**
     * The body.
     *
     * @param image the pause image's id
     * @param arguments of its process
     * @param mounts those that keep the pod's volumes alive
     */
    public static ObjectNode of(
            SandboxSpec spec,
            String image,
            List<String> arguments,
            ArrayNode mounts,
            int lowestOomScoreAdj) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("Image", image);
        body.putArray("Entrypoint").add("/pause");
        ArrayNode command = body.putArray("Cmd");
        arguments.forEach(command::add);
        if (spec.hostname() != null && !spec.namespaces().hostNetwork()) {
            body.put("Hostname", spec.hostname());
        }
        ObjectNode labels = body.putObject("Labels");
        labels(spec).forEach(labels::put);
        ObjectNode host = body.putObject("HostConfig");
        namespaces(host, spec);
        ports(body, host, spec);
        EngineLimits.write(host, OWN, lowestOomScoreAdj);
        ArrayNode options = host.putArray("SecurityOpt");
        options.add("no-new-privileges");
        EngineSecurity.options(options, labelsOnly(spec));
        if (!spec.cgroupParent().isEmpty()) {
            host.put("CgroupParent", spec.cgroupParent());
        }
        if (!spec.runtimeHandler().isEmpty()) {
            host.put("Runtime", spec.runtimeHandler());
        }
        if (!spec.sysctls().isEmpty()) {
            ObjectNode sysctls = host.putObject("Sysctls");
            spec.sysctls().forEach(sysctls::put);
        }
        host.put("ShmSize", SHM_BYTES);
        host.set("Mounts", mounts);
        host.putObject("RestartPolicy").put("Name", "no");
        LOG.write(host);
        return body;
    }

    private static Map<String, String> labels(SandboxSpec spec) {
        Map<String, String> labels = new HashMap<>(spec.labels());
        labels.putAll(Labels.sandbox(spec.owner(), spec.pod(), spec.attempt()));
        return labels;
    }

    private static void namespaces(ObjectNode host, SandboxSpec spec) {
        Namespaces namespaces = spec.namespaces();
        if (namespaces.userNamespace()) {
            throw new BackendException(
                    Reason.UNSUPPORTED, "hostUsers: false: Docker has no user namespace per pod");
        }
        host.put("NetworkMode", namespaces.hostNetwork() ? "host" : Names.network(spec.owner()));
        host.put("IpcMode", namespaces.hostIpc() ? "host" : "shareable");
        if (namespaces.hostPid()) {
            host.put("PidMode", "host");
        }
    }

    private static void ports(ObjectNode body, ObjectNode host, SandboxSpec spec) {
        if (spec.namespaces().hostNetwork() || spec.ports().isEmpty()) {
            return;
        }
        ObjectNode exposed = body.putObject("ExposedPorts");
        ObjectNode bindings = host.putObject("PortBindings");
        for (PortMapping port : spec.ports()) {
            String key = port.containerPort() + "/" + port.protocol().toLowerCase(Locale.ROOT);
            exposed.putObject(key);
            bindings.withArray("/" + key.replace("/", "~1"))
                    .addObject()
                    .put("HostIp", port.hostIp())
                    .put("HostPort", Integer.toString(port.hostPort()));
        }
    }

    /** Of the pod's security only what its shared files need: the SELinux labels. */
    private static SecuritySpec labelsOnly(SandboxSpec spec) {
        SecuritySpec none = SecuritySpec.DEFAULT;
        return new SecuritySpec(
                none.user(),
                none.group(),
                none.supplementalGroups(),
                false,
                false,
                false,
                none.addCapabilities(),
                none.dropCapabilities(),
                "",
                "",
                spec.security().seLinux(),
                false,
                false);
    }
}
