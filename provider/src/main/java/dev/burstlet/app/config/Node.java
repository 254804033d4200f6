package dev.burstlet.app.config;

import dev.burstlet.engine.pressure.EvictionRules;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One virtual node. */
public record Node(
        @Key("The node's name in the cluster, a DNS subdomain") String name,
        @Key("The Docker Engine that runs its pods") @Nullable Docker docker,
        @Key("The CRI runtime that runs its pods") @Nullable Cri cri,
        @Key("The agent that runs its pods on another host") @Nullable Agent agent,
        @Key("The in-memory engine, for tests and simulation") @Nullable Memory memory,
        @Key(value = "Where its kubelet API listens, HOST:PORT", byDefault = "0.0.0.0:10250")
                String listen,
        @Key(
                        "The address in its status, by which the API server reaches its kubelet API; found out when not given")
                @Nullable String address,
        @Key("Labels to add to its own") Map<String, String> labels,
        @Key("Annotations to add") Map<String, String> annotations,
        @Key("The region in its topology label") @Nullable String region,
        @Key("The zone in its topology label") @Nullable String zone,
        @Key(
                        value = "Its taints as KEY=VALUE:EFFECT; an empty list for none",
                        byDefault = "[virtual-kubelet.io/provider=<backend>:NoSchedule]")
                List<String> taints,
        @Key(value = "How many pods it takes", byDefault = "110") Integer pods,
        @Key("Replaces what the host reports, by resource name; extended resources may be added")
                Map<String, Quantity> capacity,
        @Key("Kept from pods, by resource name") Map<String, Quantity> reserve,
        @Key(
                        value = "The pods' subnet on the host where the cluster hands out none",
                        byDefault = "chosen by the engine")
                @Nullable String podSubnet,
        @Key("What tenants may ask for on this node, in place of the common policy")
                @Nullable Policy policy,
        @Key(
                        value =
                                "Replaces the kubelet's hard eviction thresholds, by signal, as memory.available: 200Mi; 0% for none",
                        byDefault =
                                "memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%, imagefs.available: 15%, imagefs.inodesFree: 5%")
                Map<String, String> evictionHard,
        @Key(
                        value = "How long a pressure condition stays after its cause, in seconds",
                        byDefault = "300")
                Integer evictionPressureTransitionSeconds,
        @Key("When its images are removed, and which") Images images,
        @Key(
                        "Directory of manifests, one Pod in each file, that it runs whatever the API server says: static pods")
                @Nullable String staticPods,
        @Key(
                        value =
                                "How many processes a pod may have, -1 for no limit; on a Docker Engine each of its containers",
                        byDefault = "-1")
                Long podPidsLimit,
        @Key(
                        "Directory of the seccomp profiles that pods name as localhostProfile; read at the start")
                @Nullable String seccompProfiles) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    public Node {
        if (name == null || name.length() > 253 || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "name: '"
                            + name
                            + "' is no node name: lower case letters, digits, '-' and '.'");
        }
        int backends =
                (docker == null ? 0 : 1)
                        + (cri == null ? 0 : 1)
                        + (agent == null ? 0 : 1)
                        + (memory == null ? 0 : 1);
        if (backends != 1) {
            throw new IllegalArgumentException(
                    "node " + name + ": give exactly one of docker, cri, agent, memory");
        }
        listen = Objects.requireNonNullElse(listen, "0.0.0.0:10250");
        HostPort.parse("listen", listen);
        labels = Map.copyOf(Objects.requireNonNullElse(labels, Map.of()));
        annotations = Map.copyOf(Objects.requireNonNullElse(annotations, Map.of()));
        String backend =
                docker != null
                        ? "docker"
                        : cri != null ? "cri" : agent != null ? "agent" : "memory";
        taints =
                List.copyOf(
                        Objects.requireNonNullElse(
                                taints,
                                List.of("virtual-kubelet.io/provider=" + backend + ":NoSchedule")));
        taints.forEach(Node::checkTaint);
        pods = Objects.requireNonNullElse(pods, 110);
        capacity = Map.copyOf(Objects.requireNonNullElse(capacity, Map.of()));
        reserve = Map.copyOf(Objects.requireNonNullElse(reserve, Map.of()));
        evictionHard = Map.copyOf(Objects.requireNonNullElse(evictionHard, Map.of()));
        evictionPressureTransitionSeconds =
                Objects.requireNonNullElse(evictionPressureTransitionSeconds, 300);
        checkEviction(name, evictionHard);
        podPidsLimit = Objects.requireNonNullElse(podPidsLimit, -1L);
        if (podPidsLimit == 0 || podPidsLimit < -1) {
            throw new IllegalArgumentException(
                    "node %s: podPidsLimit: %d is neither -1 nor a number of processes"
                            .formatted(name, podPidsLimit));
        }
        if (agent != null && images != null) {
            throw new IllegalArgumentException(
                    "node " + name + ": images: an agent removes its host's images by itself");
        }
        images = Objects.requireNonNullElse(images, Images.defaults());
    }

    private static void checkEviction(String node, Map<String, String> thresholds) {
        try {
            EvictionRules.of(thresholds, Duration.ZERO);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "node " + node + ": evictionHard: " + e.getMessage(), e);
        }
    }

    private static void checkTaint(String taint) {
        if (!taint.matches("[^=:]+(=[^:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)")) {
            throw new IllegalArgumentException(
                    "taints: '"
                            + taint
                            + "' is not KEY=VALUE:EFFECT with NoSchedule, PreferNoSchedule or NoExecute");
        }
    }
}
