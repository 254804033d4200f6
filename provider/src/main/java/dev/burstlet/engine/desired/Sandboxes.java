package dev.burstlet.engine.desired;

import dev.burstlet.container.EngineInfo;
import dev.burstlet.container.EngineInfo.Feature;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import dev.burstlet.container.SandboxSpec;
import dev.burstlet.container.SandboxSpec.Dns;
import dev.burstlet.container.SandboxSpec.Namespaces;
import dev.burstlet.container.SandboxSpec.PortMapping;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.Support;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pod's sandbox as an engine is to run it. */
final class Sandboxes {
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final Owner owner;
    private final EngineInfo info;
    private final TranslationSettings settings;
    private final Supplier<Dns> hostDns;

    Sandboxes(Owner owner, EngineInfo info, TranslationSettings settings, Supplier<Dns> hostDns) {
        this.hostDns = hostDns;
        this.owner = owner;
        this.info = info;
        this.settings = settings;
    }

    /** Refuses what no backend can do. */
    static void check(Pod pod) {
        Support.refusals(pod).stream()
                .findFirst()
                .ifPresent(refusal -> {
                    throw ConfigException.sandbox(refusal.message());
                });
    }

    SandboxSpec of(PodBundle bundle, int attempt, List<VolumeSpec> volumes) {
        Pod pod = bundle.pod();
        PodSpec spec = pod.getSpec();
        Namespaces namespaces = namespaces(spec);
        return new SandboxSpec(
                owner,
                bundle.key(),
                attempt,
                namespaces.hostNetwork() ? null : kernelName(bundle),
                PodDns.of(bundle, hostDns).dns(),
                namespaces.hostNetwork() ? List.of() : ports(spec),
                namespaces,
                sysctls(spec),
                new Security(info, settings).sandbox(pod),
                Limits.sandbox(spec, settings.podPidsLimit()),
                Limits.overhead(spec),
                volumes,
                handler(bundle),
                settings.cgroupParent(),
                Labels.sandbox(owner, bundle.key(), attempt),
                annotations(pod));
    }

    /** The pod's names, with a failure as the kubelet's. */
    static PodHostname hostname(PodBundle bundle) {
        try {
            return PodHostname.of(bundle.pod(), bundle.node().dns().domain());
        } catch (IllegalArgumentException e) {
            throw ConfigException.sandbox(String.valueOf(e.getMessage()));
        }
    }

    private static String kernelName(PodBundle bundle) {
        boolean fqdn = Boolean.TRUE.equals(bundle.pod().getSpec().getSetHostnameAsFQDN());
        try {
            return hostname(bundle).kernelName(fqdn);
        } catch (IllegalArgumentException e) {
            throw ConfigException.sandbox(String.valueOf(e.getMessage()));
        }
    }

    private Namespaces namespaces(PodSpec spec) {
        boolean network = isTrue(spec.getHostNetwork());
        boolean pid = isTrue(spec.getHostPID());
        boolean ipc = isTrue(spec.getHostIPC());
        boolean shared = isTrue(spec.getShareProcessNamespace()) && !pid;
        boolean user = Boolean.FALSE.equals(spec.getHostUsers());
        if (network || pid || ipc) {
            String field = network ? "hostNetwork" : pid ? "hostPID" : "hostIPC";
            require(Feature.HOST_NAMESPACES, "spec." + field);
        }
        if (shared) {
            require(Feature.SHARED_PID, "spec.shareProcessNamespace");
        }
        if (user) {
            require(Feature.USER_NAMESPACES, "spec.hostUsers: false");
        }
        return new Namespaces(network, pid, ipc, shared, user);
    }

    /** Of all containers that run together: sidecars too. */
    private List<PortMapping> ports(PodSpec spec) {
        Stream<Container> sidecars =
                spec.getInitContainers().stream().filter(PodSpecs::isRestartableInit);
        Set<PortMapping> ports = new LinkedHashSet<>();
        Stream.concat(sidecars, spec.getContainers().stream())
                .flatMap(container -> container.getPorts().stream())
                .filter(port -> port.getHostPort() != null && port.getHostPort() > 0)
                .forEach(port -> ports.add(mapping(port)));
        if (!ports.isEmpty()) {
            require(Feature.HOST_PORTS, "ports.hostPort");
        }
        return List.copyOf(ports);
    }

    private static PortMapping mapping(ContainerPort port) {
        return new PortMapping(
                port.getProtocol() == null ? "TCP" : port.getProtocol(),
                port.getContainerPort(),
                port.getHostPort(),
                port.getHostIP() == null ? "" : port.getHostIP());
    }

    private static Map<String, String> sysctls(PodSpec spec) {
        Map<String, String> sysctls = new LinkedHashMap<>();
        for (Sysctl sysctl : Security.podContext(spec).getSysctls()) {
            sysctls.put(dotted(sysctl.getName()), sysctl.getValue());
        }
        return sysctls;
    }

    /** Where a slash is the separator, a dot stands for what a slash is in the other form. */
    private static String dotted(String name) {
        int slash = name.indexOf('/');
        int dot = name.indexOf('.');
        if (slash < 0 || (dot >= 0 && dot < slash)) {
            return name;
        }
        return name.replace('.', '\0').replace('/', '.').replace('\0', '/');
    }

    private String handler(PodBundle bundle) {
        String runtimeClass = bundle.pod().getSpec().getRuntimeClassName();
        if (runtimeClass == null || runtimeClass.isEmpty()) {
            return "";
        }
        String handler = bundle.runtimeHandler();
        if (handler == null) {
            throw ConfigException.sandbox(
                    "failed to get sandbox runtime: runtimeclass.node.k8s.io \"%s\" not found"
                            .formatted(runtimeClass));
        }
        boolean known =
                handler.isEmpty()
                        || info.runtimeHandlers().stream().anyMatch(h -> h.name().equals(handler));
        if (!known) {
            throw ConfigException.sandbox(
                    "failed to get sandbox runtime: no runtime for \"%s\" is configured"
                            .formatted(handler));
        }
        return handler;
    }

    private void require(Feature feature, String field) {
        if (!info.features().contains(feature)) {
            throw ConfigException.sandbox(
                    "%s is not supported by this host's engine".formatted(field));
        }
    }

    /**
     * Some runtimes are steered by a pod's annotations; what kubectl keeps there is not for them.
     */
    private static Map<String, String> annotations(Pod pod) {
        Map<String, String> annotations = new LinkedHashMap<>();
        if (pod.getMetadata().getAnnotations() != null) {
            annotations.putAll(pod.getMetadata().getAnnotations());
        }
        annotations.remove(LAST_APPLIED);
        return annotations;
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}
