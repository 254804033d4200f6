package dev.burstlet.hyper.cri;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.burstlet.hyper.proto.cri.RuntimeHandler;
import dev.burstlet.hyper.proto.cri.StatusRequest;
import dev.burstlet.hyper.proto.cri.StatusResponse;
import dev.burstlet.hyper.proto.cri.VersionRequest;
import dev.burstlet.hyper.proto.cri.VersionResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a runtime tells of itself. Handlers are in Status since containerd 2.0; before, in the
 * configuration that its verbose form shows.
 *
 * @param name {@code containerd}, {@code cri-o}
 * @param sandboxImage must not be removed; empty where it is not told
 * @param podCidr from the CNI configuration; empty where it is not told
 * @param supplementalGroupsPolicy whether it knows the policy and tells a container's user
 * @param problem why the runtime or its network is not ready; empty when they are
 */
public record RuntimeFacts(
        String name,
        String version,
        String defaultHandler,
        List<Handler> handlers,
        String sandboxImage,
        String podCidr,
        boolean selinux,
        boolean apparmor,
        boolean supplementalGroupsPolicy,
        String problem) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> NEEDED = Set.of("RuntimeReady", "NetworkReady");
    private static final List<String> MACHINES =
            List.of("kata", "runsc", "gvisor", "firecracker", "qemu", "clh", "cloud-hypervisor");

    public RuntimeFacts {
        handlers = List.copyOf(handlers);
    }

    /** Asks the runtime. */
    public static RuntimeFacts ask(CriConnection connection) {
        VersionResponse version =
                connection.runtime(
                        "version", stub -> stub.version(VersionRequest.newBuilder().build()));
        StatusResponse status =
                connection.runtime(
                        "status",
                        stub -> stub.status(StatusRequest.newBuilder().setVerbose(true).build()));
        return of(version, status);
    }

    static RuntimeFacts of(VersionResponse version, StatusResponse status) {
        JsonNode config = json(status.getInfoMap(), "config");
        JsonNode containerd = config.path("containerd");
        return new RuntimeFacts(
                version.getRuntimeName(),
                version.getRuntimeVersion(),
                containerd.path("defaultRuntimeName").asText(),
                handlers(status, containerd.path("runtimes")),
                sandboxImage(config),
                podCidr(json(status.getInfoMap(), "cniconfig")),
                config.path("enableSelinux").asBoolean(),
                !config.path("disableApparmor").asBoolean(),
                status.getFeatures().getSupplementalGroupsPolicy(),
                problem(status));
    }

    /** Whether this containerd is at least so new; false for other runtimes. */
    public boolean containerdAtLeast(int major, int minor) {
        return containerd() && atLeast(major, minor);
    }

    /** Whether it mounts images as volumes: no runtime declares it, those before ignore it. */
    public boolean imageVolumes() {
        return containerdAtLeast(2, 1) || (name.equals("cri-o") && atLeast(1, 31));
    }

    private boolean atLeast(int major, int minor) {
        String[] parts = version.replaceFirst("^v", "").split("[.~+-]", 4);
        try {
            int ownMajor = Integer.parseInt(parts[0]);
            int ownMinor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
            return ownMajor > major || (ownMajor == major && ownMinor >= minor);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    public boolean containerd() {
        return name.equals("containerd");
    }

    /** The handler of this name; the default one for the empty name. */
    public Optional<Handler> handler(String handler) {
        String wanted = handler.isEmpty() ? defaultHandler : handler;
        return handlers.stream().filter(one -> one.name().equals(wanted)).findFirst();
    }

    public boolean isolated(String handler) {
        return handler(handler).map(Handler::isolated).orElseGet(() -> machine(handler));
    }

    private static List<Handler> handlers(StatusResponse status, JsonNode runtimes) {
        List<Handler> handlers = new ArrayList<>();
        if (status.getRuntimeHandlersCount() > 0) {
            for (RuntimeHandler handler : status.getRuntimeHandlersList()) {
                handlers.add(
                        handler(
                                handler.getName(),
                                runtimes.path(handler.getName()),
                                handler.getFeatures().getRecursiveReadOnlyMounts(),
                                handler.getFeatures().getUserNamespaces()));
            }
            return handlers;
        }
        runtimes.properties()
                .forEach(entry ->
                        handlers.add(handler(entry.getKey(), entry.getValue(), false, false)));
        return handlers;
    }

    private static Handler handler(
            String name, JsonNode config, boolean recursiveReadOnly, boolean userNamespaces) {
        String type = config.path("runtimeType").asText();
        String binary = config.path("options").path("BinaryName").asText();
        boolean runcShim = type.isEmpty() || type.startsWith("io.containerd.runc.");
        boolean isolated = machine(name) || machine(type) || machine(binary);
        // runsc under runc's shim: the shim reads the cgroup of a process that is not the
        // container.
        boolean stats = !(isolated && runcShim && !config.isMissingNode());
        boolean cgroupsAsFiles =
                !config.isMissingNode()
                        && !config.path("options").path("SystemdCgroup").asBoolean();
        return new Handler(
                name, isolated, stats, recursiveReadOnly, userNamespaces, cgroupsAsFiles);
    }

    private static boolean machine(String text) {
        return MACHINES.stream().anyMatch(text::contains);
    }

    private static String sandboxImage(JsonNode config) {
        String old = config.path("sandboxImage").asText();
        return old.isEmpty() ? config.path("pinnedImages").path("sandbox").asText() : old;
    }

    private static String podCidr(JsonNode cni) {
        for (JsonNode network : cni.path("Networks")) {
            for (JsonNode plugin : network.path("Config").path("Plugins")) {
                Predicate<String> set = text -> !text.isEmpty();
                String source = plugin.path("Source").asText();
                Optional<String> subnet = subnet(source).filter(set);
                if (subnet.isPresent()) {
                    return subnet.get();
                }
            }
        }
        return "";
    }

    private static Optional<String> subnet(String plugin) {
        if (plugin.isEmpty()) {
            return Optional.empty();
        }
        JsonNode ipam = parse(plugin).path("ipam");
        String direct = ipam.path("subnet").asText();
        return Optional.of(
                direct.isEmpty()
                        ? ipam.path("ranges").path(0).path(0).path("subnet").asText()
                        : direct);
    }

    /** Of other conditions a runtime may have any, as containerd that its settings grow old. */
    private static String problem(StatusResponse status) {
        return status.getStatus().getConditionsList().stream()
                .filter(condition -> NEEDED.contains(condition.getType()))
                .filter(condition -> !condition.getStatus())
                .map(condition -> condition.getType() + ": " + condition.getMessage())
                .findFirst()
                .orElse("");
    }

    private static JsonNode json(Map<String, String> info, String key) {
        return parse(info.getOrDefault(key, "{}"));
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
