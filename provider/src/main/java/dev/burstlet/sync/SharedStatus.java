package dev.burstlet.sync;

import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A status that the API server has, and the host's own: what both say is kept once. */
final class SharedStatus {
    private SharedStatus() {}

    /** Puts equal parts of another status in place of a status's own; it stays equal. */
    static void share(PodStatus status, PodStatus other) {
        list(status, other, PodStatus::getContainerStatuses, PodStatus::setContainerStatuses);
        list(
                status,
                other,
                PodStatus::getInitContainerStatuses,
                PodStatus::setInitContainerStatuses);
        list(status, other, PodStatus::getPodIPs, PodStatus::setPodIPs);
        list(status, other, PodStatus::getHostIPs, PodStatus::setHostIPs);
        conditions(status, other.getConditions());
    }

    private static <T> void list(
            PodStatus status,
            PodStatus other,
            Function<PodStatus, List<T>> get,
            BiConsumer<PodStatus, List<T>> set) {
        List<T> there = get.apply(other);
        if (!there.isEmpty() && there.equals(get.apply(status))) {
            set.accept(status, there);
        }
    }

    /** One by one, as some are others' and the order is the API server's. */
    private static void conditions(PodStatus status, List<PodCondition> others) {
        PodCondition[] own = status.getConditions().toArray(PodCondition[]::new);
        for (int i = 0; i < own.length; i++) {
            for (PodCondition other : others) {
                if (other.equals(own[i])) {
                    own[i] = other;
                }
            }
        }
        status.setConditions(Arrays.asList(own));
    }
}
