package dev.burstlet.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a pod asks for as a whole, by the rules of the Kubernetes documentation on init containers,
 * sidecars, pod-level resources and pod overhead; and the QoS class that follows.
 */
public final class PodResources {
    public static final String CPU = "cpu";
    public static final String MEMORY = "memory";
    public static final String EPHEMERAL_STORAGE = "ephemeral-storage";
    public static final String HUGEPAGES = "hugepages-";

    public static final String GUARANTEED = "Guaranteed";
    public static final String BURSTABLE = "Burstable";
    public static final String BEST_EFFORT = "BestEffort";

    private PodResources() {}

    /** The requests that a node must have room for: overhead included. */
    public static Map<String, Quantity> requests(PodSpec spec) {
        Map<String, Quantity> total = overridden(spec, peak(spec, PodResources::requests));
        return Quantities.sum(total, spec.getOverhead());
    }

    /**
     * The limits of the pod as a whole: overhead included where there is a limit. A resource that
     * only some containers limit is in the list; {@link #bounded} tells.
     */
    public static Map<String, Quantity> limits(PodSpec spec) {
        Map<String, Quantity> total = new LinkedHashMap<>(peak(spec, PodResources::limits));
        podLevel(spec.getResources(), ResourceRequirements::getLimits).forEach(total::put);
        Map<String, Quantity> overhead = orEmpty(spec.getOverhead());
        overhead.forEach((name, quantity) ->
                total.computeIfPresent(
                        name,
                        (_, limit) ->
                                Quantities.of(
                                        Quantities.value(limit).add(Quantities.value(quantity)))));
        return total;
    }

    /** Whether the pod as a whole is limited: by its own limit or by one on every container. */
    public static boolean bounded(PodSpec spec, String resource) {
        if (Quantities.positive(
                podLevel(spec.getResources(), ResourceRequirements::getLimits).get(resource))) {
            return true;
        }
        return containers(spec).stream()
                .allMatch(c -> Quantities.positive(limits(c).get(resource)));
    }

    /** Whether the pod has resources of its own (spec.resources). */
    public static boolean podLevel(PodSpec spec) {
        return !podLevel(spec.getResources(), ResourceRequirements::getRequests).isEmpty()
                || !podLevel(spec.getResources(), ResourceRequirements::getLimits).isEmpty();
    }

    /** The class in the status where it is set, else computed. */
    public static String qosClass(Pod pod) {
        return pod.getStatus() != null && pod.getStatus().getQosClass() != null
                ? pod.getStatus().getQosClass()
                : qosClass(pod.getSpec());
    }

    /** Guaranteed, Burstable or BestEffort. */
    public static String qosClass(PodSpec spec) {
        if (podLevel(spec)) {
            return qosClass(List.of(orDefault(spec.getResources())));
        }
        return qosClass(containers(spec).stream().map(c -> orDefault(c.getResources())).toList());
    }

    /** A container's requests, an absent one taken from its limit as the API server does. */
    public static Map<String, Quantity> requests(Container container) {
        ResourceRequirements resources = orDefault(container.getResources());
        Map<String, Quantity> requests = new LinkedHashMap<>(orEmpty(resources.getLimits()));
        requests.putAll(orEmpty(resources.getRequests()));
        return requests;
    }

    public static Map<String, Quantity> limits(Container container) {
        return orEmpty(orDefault(container.getResources()).getLimits());
    }

    /** Whether an init container is a sidecar. */
    public static boolean isSidecar(Container initContainer) {
        return "Always".equals(initContainer.getRestartPolicy());
    }

    private static String qosClass(List<ResourceRequirements> all) {
        boolean guaranteed = true;
        Map<String, Quantity> requests = Map.of();
        Map<String, Quantity> limits = Map.of();
        for (ResourceRequirements resources : all) {
            Map<String, Quantity> limited = computeOnly(resources.getLimits());
            guaranteed &= limited.size() == 2;
            requests = Quantities.sum(requests, computeOnly(resources.getRequests()));
            limits = Quantities.sum(limits, limited);
        }
        if (requests.isEmpty() && limits.isEmpty()) {
            return BEST_EFFORT;
        }
        // An absent request is the limit, as the API server would have set it.
        for (Map.Entry<String, Quantity> request : requests.entrySet()) {
            guaranteed &=
                    Quantities.value(limits.get(request.getKey()))
                                    .compareTo(Quantities.value(request.getValue()))
                            == 0;
        }
        return guaranteed ? GUARANTEED : BURSTABLE;
    }

    /** Only cpu and memory, only what is greater than zero. */
    private static Map<String, Quantity> computeOnly(@Nullable Map<String, Quantity> resources) {
        Map<String, Quantity> compute = new LinkedHashMap<>();
        for (String name : List.of(CPU, MEMORY)) {
            Quantity quantity = Quantities.get(resources, name);
            if (quantity != null && Quantities.positive(quantity)) {
                compute.put(name, quantity);
            }
        }
        return compute;
    }

    /** The most that is asked for at any one time of the pod's life. */
    private static Map<String, Quantity> peak(
            PodSpec spec, Function<Container, Map<String, Quantity>> of) {
        Map<String, Quantity> sidecars = Map.of();
        Map<String, Quantity> peak = Map.of();
        for (Container init : spec.getInitContainers()) {
            if (isSidecar(init)) {
                sidecars = Quantities.sum(sidecars, of.apply(init));
                peak = Quantities.max(peak, sidecars);
            } else {
                peak = Quantities.max(peak, Quantities.sum(sidecars, of.apply(init)));
            }
        }
        Map<String, Quantity> running = sidecars;
        for (Container container : spec.getContainers()) {
            running = Quantities.sum(running, of.apply(container));
        }
        return Quantities.max(running, peak);
    }

    private static Map<String, Quantity> overridden(PodSpec spec, Map<String, Quantity> peak) {
        Map<String, Quantity> total = new LinkedHashMap<>(peak);
        total.putAll(podLevel(spec.getResources(), ResourceRequirements::getRequests));
        return total;
    }

    /** The pod-level resources that Kubernetes supports: cpu, memory and huge pages. */
    private static Map<String, Quantity> podLevel(
            @Nullable ResourceRequirements resources,
            Function<ResourceRequirements, @Nullable Map<String, Quantity>> of) {
        Map<String, Quantity> podLevel = new LinkedHashMap<>();
        if (resources != null) {
            orEmpty(of.apply(resources))
                    .forEach((name, quantity) -> {
                        if (name.equals(CPU) || name.equals(MEMORY) || name.startsWith(HUGEPAGES)) {
                            podLevel.put(name, quantity);
                        }
                    });
        }
        return podLevel;
    }

    private static List<Container> containers(PodSpec spec) {
        List<Container> all = new ArrayList<>(spec.getInitContainers());
        all.addAll(spec.getContainers());
        return all;
    }

    private static ResourceRequirements orDefault(@Nullable ResourceRequirements resources) {
        return resources == null ? new ResourceRequirements() : resources;
    }

    private static Map<String, Quantity> orEmpty(@Nullable Map<String, Quantity> resources) {
        return resources == null ? Map.of() : resources;
    }
}
