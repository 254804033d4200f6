package dev.burstlet.hyper.cri;

import dev.burstlet.hyper.proto.cri.Container;
import dev.burstlet.hyper.proto.cri.ContainerState;
import dev.burstlet.hyper.proto.cri.ContainerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Statuses that were asked for before: while a container's state is the same in a list, the rest of
 * its status is, too. Not at once after its end, as why it ended may become known a moment later.
 */
final class SeenStatuses {
    private static final Duration SETTLED = Duration.ofSeconds(15);

    private final Map<String, ContainerStatus> byId = new ConcurrentHashMap<>();

    void note(ContainerStatus status) {
        if (settled(status)) {
            byId.put(status.getId(), status);
        } else {
            byId.remove(status.getId());
        }
    }

    private static boolean settled(ContainerStatus status) {
        return switch (status.getState()) {
            case CONTAINER_CREATED, CONTAINER_RUNNING -> true;
            case CONTAINER_EXITED ->
                    Times.instant(status.getFinishedAt())
                            .plus(SETTLED)
                            .isBefore(java.time.Instant.now());
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> false;
        };
    }

    /** The status of a container that is listed, where it is known for this state. */
    Optional<ContainerStatus> of(Container listed) {
        ContainerState state = listed.getState();
        return Optional.ofNullable(byId.get(listed.getId()))
                .filter(status -> status.getState() == state);
    }

    void forget(String id) {
        byId.remove(id);
    }

    /** All others are gone. */
    void keep(List<Container> listed) {
        Set<String> ids = listed.stream().map(Container::getId).collect(Collectors.toSet());
        byId.keySet().retainAll(ids);
    }
}
