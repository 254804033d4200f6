package dev.burstlet.node;

import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.DaemonEndpoint;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeDaemonEndpoints;
import io.fabric8.kubernetes.api.model.NodeFeatures;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandler;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandlerFeatures;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import io.fabric8.kubernetes.api.model.NodeSystemInfoBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a Node object should look like. Pure: from settings, host, and what the API server has. */
final class NodeShape {
    static final String DRAINED = "burstlet.dev/drained";
    private static final int IMAGES_SHOWN = 50;

    private final NodeSettings settings;
    private final HostDescription host;

    NodeShape(NodeSettings settings, HostDescription host) {
        this.settings = settings;
        this.host = host;
    }

    /** The node as it is created. */
    Node created(NodeStatus status) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(settings.name())
                .withLabels(labels())
                .withAnnotations(settings.annotations())
                .endMetadata()
                .withNewSpec()
                .withProviderID(settings.providerId())
                .withTaints(settings.taints())
                .endSpec()
                .withStatus(status)
                .build();
    }

    /** The labels that are ours. */
    Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>();
        labels.put("type", "virtual-kubelet");
        labels.put("kubernetes.io/hostname", settings.name());
        if (!host.system().os().isEmpty()) {
            labels.put("kubernetes.io/os", host.system().os());
        }
        if (!host.system().arch().isEmpty()) {
            labels.put("kubernetes.io/arch", host.system().arch());
        }
        if (settings.identity() == NodeSettings.Identity.SERVICE_ACCOUNT) {
            labels.put("kubernetes.io/role", "agent");
            labels.put("node.kubernetes.io/exclude-from-external-load-balancers", "true");
            labels.put("alpha.service-controller.kubernetes.io/exclude-balancer", "true");
        }
        labels.putAll(settings.labels());
        return labels;
    }

    /** The taints that the node should have: ours, and those of others that are there. */
    List<Taint> taints(List<Taint> present) {
        List<Taint> all = new ArrayList<>(present);
        for (Taint own : settings.taints()) {
            all.removeIf(taint -> sameKind(taint, own));
            all.add(own);
        }
        boolean kept =
                settings.taints().stream()
                        .allMatch(own -> present.stream().anyMatch(taint -> same(taint, own)));
        return kept ? present : all;
    }

    /** The status of the node, from what the API server has of it. */
    NodeStatus status(NodeStatus before, Instant now, Troubles troubles) {
        Map<String, Quantity> capacity = capacity(before);
        return new NodeStatusBuilder(before)
                .withCapacity(capacity)
                .withAllocatable(allocatable(capacity))
                .withAddresses(addresses())
                .withDaemonEndpoints(
                        new NodeDaemonEndpoints(
                                new DaemonEndpoint(settings.endpoint().kubeletPort())))
                .withNodeInfo(nodeInfo(before.getNodeInfo()))
                .withConditions(
                        new NodeConditions(host, before.getConditions(), now)
                                .all(troubles, settings.timing().unhealthy()))
                .withImages(images())
                .withRuntimeHandlers(runtimeHandlers())
                .withFeatures(new NodeFeatures(supplementalGroupsPolicy(before)))
                .withDeclaredFeatures(settings.declaredFeatures())
                .build();
    }

    /** A host that does not answer can do what it could. */
    private boolean supplementalGroupsPolicy(NodeStatus before) {
        return host.health().reachable()
                ? host.supplementalGroupsPolicy()
                : before.getFeatures() != null
                        && Boolean.TRUE.equals(before.getFeatures().getSupplementalGroupsPolicy());
    }

    private List<NodeAddress> addresses() {
        List<NodeAddress> addresses = new ArrayList<>(settings.endpoint().addresses());
        if (addresses.stream().noneMatch(address -> address.getType().equals("Hostname"))) {
            addresses.add(new NodeAddress(settings.name(), "Hostname"));
        }
        return addresses;
    }

    /**
     * A host that does not answer has not lost its capacity; extended resources that others wrote
     * into the status are theirs to take away.
     */
    private Map<String, Quantity> capacity(NodeStatus before) {
        Map<String, Quantity> capacity = new TreeMap<>();
        if (host.capacity().isEmpty() && before.getCapacity() != null) {
            capacity.putAll(before.getCapacity());
        }
        if (before.getCapacity() != null) {
            before.getCapacity()
                    .forEach((name, amount) -> {
                        if (Quantities.isExtended(name)) {
                            capacity.put(name, amount);
                        }
                    });
        }
        capacity.putAll(host.capacity());
        capacity.putAll(settings.resources().extra());
        capacity.put("pods", new Quantity(Long.toString(settings.resources().pods())));
        return capacity;
    }

    private Map<String, Quantity> allocatable(Map<String, Quantity> capacity) {
        Map<String, Quantity> allocatable = new TreeMap<>(capacity);
        settings.resources()
                .reserve()
                .forEach((resource, kept) ->
                        allocatable.computeIfPresent(resource, (_, all) -> remaining(all, kept)));
        return allocatable;
    }

    private static Quantity remaining(Quantity all, Quantity kept) {
        BigDecimal rest =
                all.getNumericalAmount().subtract(kept.getNumericalAmount()).max(BigDecimal.ZERO);
        BigDecimal milli = rest.movePointRight(3);
        if (rest.stripTrailingZeros().scale() > 0) {
            return new Quantity(milli.toBigInteger() + "m");
        }
        return new Quantity(rest.toBigInteger().toString());
    }

    private NodeSystemInfo nodeInfo(@Nullable NodeSystemInfo before) {
        HostDescription.SystemInfo system = host.system();
        NodeSystemInfo known = before == null ? new NodeSystemInfo() : before;
        return new NodeSystemInfoBuilder(known)
                .withOperatingSystem(or(system.os(), known.getOperatingSystem()))
                .withArchitecture(or(system.arch(), known.getArchitecture()))
                .withKernelVersion(or(system.kernelVersion(), known.getKernelVersion()))
                .withOsImage(or(system.osImage(), known.getOsImage()))
                .withContainerRuntimeVersion(
                        or(system.containerRuntimeVersion(), known.getContainerRuntimeVersion()))
                .withMachineID(or(system.machineId(), known.getMachineID()))
                .withSystemUUID(or(system.systemUuid(), known.getSystemUUID()))
                .withBootID(or(system.bootId(), known.getBootID()))
                .withKubeletVersion(settings.kubeletVersion())
                .withKubeProxyVersion("")
                .build();
    }

    /**
     * What the host says; what was known where it does not say; else empty, as the API wants it.
     */
    private static String or(String told, @Nullable String known) {
        return told.isEmpty() ? Objects.requireNonNullElse(known, "") : told;
    }

    private List<ContainerImage> images() {
        return host.images().stream()
                .filter(image -> !image.names().isEmpty())
                .limit(IMAGES_SHOWN)
                .map(image -> new ContainerImage(image.names(), image.sizeBytes()))
                .toList();
    }

    private List<NodeRuntimeHandler> runtimeHandlers() {
        return host.runtimeHandlers().stream()
                .map(handler ->
                        new NodeRuntimeHandler(
                                new NodeRuntimeHandlerFeatures(
                                        handler.recursiveReadOnlyMounts(),
                                        handler.userNamespaces()),
                                handler.name()))
                .toList();
    }

    private static boolean sameKind(Taint one, Taint other) {
        return one.getKey().equals(other.getKey()) && one.getEffect().equals(other.getEffect());
    }

    private static boolean same(Taint one, Taint other) {
        return sameKind(one, other)
                && Objects.requireNonNullElse(one.getValue(), "")
                        .equals(Objects.requireNonNullElse(other.getValue(), ""));
    }
}
