package dev.burstlet.docker.translate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.ContainerSpec.EnvVar;
import dev.burstlet.container.Labels;
import dev.burstlet.container.SandboxSpec.Namespaces;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The request that creates a container in a sandbox. */
public final class ContainerBody {
    private ContainerBody() {}

    /**
     * The body.
     *
     * @param user whom the image's accounts make of the user asked for
     * @param mounts of the pod's volumes
     */
    public static ObjectNode of(
            ContainerSpec spec,
            ProcessUser user,
            ArrayNode mounts,
            LogLimits log,
            int lowestOomScoreAdj) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("Image", spec.imageId());
        process(body, spec);
        ObjectNode labels = body.putObject("Labels");
        labels(spec).forEach(labels::put);
        body.putObject("Healthcheck").putArray("Test").add("NONE");
        ObjectNode host = body.putObject("HostConfig");
        namespaces(host, spec);
        EngineLimits.write(host, spec.resources(), lowestOomScoreAdj);
        EngineSecurity.write(body, host, spec.security(), user);
        if (!spec.sandbox().cgroupParent().isEmpty()) {
            host.put("CgroupParent", spec.sandbox().cgroupParent());
        }
        if (!spec.sandbox().runtimeHandler().isEmpty()) {
            host.put("Runtime", spec.sandbox().runtimeHandler());
        }
        host.set("Mounts", mounts);
        host.putObject("RestartPolicy").put("Name", "no");
        log.write(host);
        return body;
    }

    private static void process(ObjectNode body, ContainerSpec spec) {
        // An entrypoint of ours makes the engine drop the image's command as well.
        strings(body, "Entrypoint", spec.command());
        strings(body, "Cmd", spec.args());
        ArrayNode env = body.putArray("Env");
        environment(spec.env()).forEach((name, value) -> env.add(name + "=" + value));
        if (!spec.workingDir().isEmpty()) {
            body.put("WorkingDir", spec.workingDir());
        }
        if (!spec.stopSignal().isEmpty()) {
            body.put("StopSignal", spec.stopSignal());
        }
        body.put("Tty", spec.tty());
        body.put("OpenStdin", spec.stdin());
        body.put("StdinOnce", spec.stdin() && spec.stdinOnce());
    }

    private static Map<String, String> environment(List<EnvVar> variables) {
        Map<String, String> last = new LinkedHashMap<>();
        variables.forEach(variable -> last.put(variable.name(), variable.value()));
        return last;
    }

    private static Map<String, String> labels(ContainerSpec spec) {
        Map<String, String> labels = new HashMap<>(spec.labels());
        String hash = spec.labels().getOrDefault(Labels.HASH, "");
        labels.putAll(
                Labels.container(
                        spec.owner(), spec.pod(), spec.name(), spec.kind(), spec.attempt(), hash));
        labels.put(Names.SANDBOX_LABEL, spec.sandboxId());
        labels.put(Names.IMAGE_LABEL, spec.image());
        return labels;
    }

    private static void namespaces(ObjectNode host, ContainerSpec spec) {
        Namespaces namespaces = spec.sandbox().namespaces();
        String sandbox = "container:" + spec.sandboxId();
        host.put("NetworkMode", sandbox);
        host.put("IpcMode", namespaces.hostIpc() ? "host" : sandbox);
        if (namespaces.hostNetwork()) {
            host.put("UTSMode", "host");
        }
        @Nullable String target = spec.targetContainerId();
        if (namespaces.hostPid()) {
            host.put("PidMode", "host");
        } else if (namespaces.sharePid()) {
            host.put("PidMode", sandbox);
        } else if (target != null) {
            host.put("PidMode", "container:" + target);
        }
    }

    private static void strings(ObjectNode body, String key, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = body.putArray(key);
            values.forEach(list::add);
        }
    }
}
