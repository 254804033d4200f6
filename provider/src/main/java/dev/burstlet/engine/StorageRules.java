package dev.burstlet.engine;

import dev.burstlet.container.DiskUsage;
import dev.burstlet.pod.PodResources;
import dev.burstlet.pod.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The limits of local storage that a pod is evicted for exceeding (Kubernetes: local ephemeral
 * storage): emptyDir's sizeLimit, all containers' limits together, each container's limit. Pure.
 */
final class StorageRules {
    private static final List<String> UNITS = List.of("", "Ki", "Mi", "Gi", "Ti");

    private StorageRules() {}

    /** Whether a pod has any such limit: the others' usage need not be known. */
    static boolean limited(PodSpec spec) {
        return PodResources.limits(spec).containsKey(PodResources.EPHEMERAL_STORAGE)
                || spec.getVolumes().stream().anyMatch(v -> limit(v) != null);
    }

    /** What is exceeded, in the kubelet's words; empty where nothing is. */
    static Optional<String> exceeded(PodSpec spec, DiskUsage usage) {
        for (Volume volume : spec.getVolumes()) {
            if (exceeds(usage.scratch().get(volume.getName()), limit(volume))) {
                return Optional.of(
                        "Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". "
                                .formatted(volume.getName(), limit(volume)));
            }
        }
        @Nullable Quantity whole = PodResources.limits(spec).get(PodResources.EPHEMERAL_STORAGE);
        if (exceeds(usage.total(), whole)) {
            return Optional.of(
                    "Pod ephemeral local storage usage exceeds the total limit of containers %s. "
                            .formatted(binary(Quantities.whole(whole))));
        }
        for (Container container : spec.getContainers()) {
            @Nullable Quantity own =
                    PodResources.limits(container).get(PodResources.EPHEMERAL_STORAGE);
            if (exceeds(usage.container(container.getName()), own)) {
                return Optional.of(
                        "Container %s exceeded its local ephemeral storage limit \"%s\". "
                                .formatted(container.getName(), own));
            }
        }
        return Optional.empty();
    }

    /** A volume in RAM is as large as its limit, so none can be exceeded there. */
    private static @Nullable Quantity limit(Volume volume) {
        return volume.getEmptyDir() == null
                        || "Memory".equals(volume.getEmptyDir().getMedium())
                        || !Quantities.positive(volume.getEmptyDir().getSizeLimit())
                ? null
                : volume.getEmptyDir().getSizeLimit();
    }

    private static boolean exceeds(@Nullable Long used, @Nullable Quantity limit) {
        return used != null && limit != null && used > Quantities.whole(limit);
    }

    /** In the largest binary unit that is whole, as the API server writes a sum. */
    private static String binary(long bytes) {
        long rest = bytes;
        int unit = 0;
        while (rest > 0 && rest % 1024 == 0 && unit < UNITS.size() - 1) {
            rest /= 1024;
            unit++;
        }
        return rest + UNITS.get(unit);
    }
}
