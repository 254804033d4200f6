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

    private final Map<String, Seen> byId = new ConcurrentHashMap<>();

    /**
     * A status.
     *
     * @param since when this state was seen first, as {@link System#nanoTime} has it
     */
    private record Seen(ContainerStatus status, long since) {
        private boolean settled() {
            return switch (status.getState()) {
                case CONTAINER_CREATED, CONTAINER_RUNNING -> true;
                case CONTAINER_EXITED -> System.nanoTime() - since > SETTLED.toNanos();
                case CONTAINER_UNKNOWN, UNRECOGNIZED -> false;
            };
        }
    }

    void note(ContainerStatus status) {
        byId.merge(
                status.getId(),
                new Seen(status, System.nanoTime()),
                (before, now) ->
                        before.status().getState() == status.getState()
                                ? new Seen(status, before.since())
                                : now);
    }

    /** The status of a container that is listed, where it is known for this state. */
    Optional<ContainerStatus> of(Container listed) {
        ContainerState state = listed.getState();
        return Optional.ofNullable(byId.get(listed.getId()))
                .filter(Seen::settled)
                .map(Seen::status)
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
