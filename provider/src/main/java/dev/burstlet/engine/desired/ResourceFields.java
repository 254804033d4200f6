package dev.burstlet.engine.desired;

import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The resources of containers that the downward API shows: a limit that is not set is the pod's,
 * else the node's allocatable amount; huge pages have no such default. Divided and rounded up.
 */
record ResourceFields(PodBundle bundle) {
    /**
     * The value of a selector.
     *
     * @param own the container whose variable it is, or null for a volume
     * @throws IllegalArgumentException for an unknown container or resource
     */
    String value(ResourceFieldSelector selector, @Nullable Container own) {
        Container container = container(selector.getContainerName(), own);
        String resource = selector.getResource();
        int dot = resource.indexOf('.');
        String name = resource.substring(dot + 1);
        if (!supported(name)) {
            throw unsupported(resource);
        }
        BigDecimal amount =
                switch (dot < 0 ? "" : resource.substring(0, dot)) {
                    case "limits" -> limit(container, name);
                    case "requests" ->
                            Quantities.value(
                                    Quantities.get(PodResources.requests(container), name));
                    default -> throw unsupported(resource);
                };
        return divided(name, amount, Quantities.value(selector.getDivisor()));
    }

    private Container container(@Nullable String name, @Nullable Container own) {
        if (name == null || name.isEmpty()) {
            if (own == null) {
                throw new IllegalArgumentException("resourceFieldRef without containerName");
            }
            return own;
        }
        return PodSpecs.find(bundle.pod().getSpec(), name)
                .map(PodSpecs.Member::spec)
                .orElseThrow(() ->
                        new IllegalArgumentException("container %s not found".formatted(name)));
    }

    private BigDecimal limit(Container container, String name) {
        Quantity limit = PodResources.limits(container).get(name);
        if (Quantities.positive(limit) || name.startsWith(PodResources.HUGEPAGES)) {
            return Quantities.value(limit);
        }
        PodSpec spec = bundle.pod().getSpec();
        Map<String, Quantity> podLimits =
                spec.getResources() == null ? null : spec.getResources().getLimits();
        Quantity podLimit = Quantities.get(podLimits, name);
        return Quantities.value(
                Quantities.positive(podLimit) ? podLimit : bundle.node().allocatable().get(name));
    }

    private static boolean supported(String name) {
        return name.equals(PodResources.CPU)
                || name.equals(PodResources.MEMORY)
                || name.equals(PodResources.EPHEMERAL_STORAGE)
                || name.startsWith(PodResources.HUGEPAGES);
    }

    private static String divided(String name, BigDecimal amount, BigDecimal divisor) {
        BigDecimal by = divisor.signum() == 0 ? BigDecimal.ONE : divisor;
        // The kubelet takes memory and storage in whole bytes, cpu in whole thousandths.
        int scale = name.equals(PodResources.CPU) ? 3 : 0;
        return amount.setScale(scale, RoundingMode.CEILING)
                .divide(by.setScale(scale, RoundingMode.CEILING), 0, RoundingMode.CEILING)
                .toPlainString();
    }

    private static IllegalArgumentException unsupported(String resource) {
        return new IllegalArgumentException("Unsupported container resource : " + resource);
    }
}
