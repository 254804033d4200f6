package dev.burstlet.docker.container;

import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Statuses of containers that need no further look while the engine's list says the same of them:
 * an ended container stays as it is, and a running one changes only by ending or by an update of
 * ours. One that was only created may fail to start, which the list does not show.
 */
final class StatusCache {
    private final Map<String, ContainerStatus> statuses = new ConcurrentHashMap<>();

    void put(ContainerStatus status) {
        if (status.state() instanceof State.Created) {
            statuses.remove(status.id());
        } else {
            statuses.put(status.id(), status);
        }
    }

    /** The status, if it is still right by the state that the list gives. */
    Optional<ContainerStatus> find(String id, String listed) {
        @Nullable ContainerStatus status = statuses.get(id);
        if (status == null) {
            return Optional.empty();
        }
        boolean right =
                switch (status.state()) {
                    case State.Created _ -> false;
                    case State.Running _ -> listed.equals("running") || listed.equals("paused");
                    case State.Exited _ -> listed.equals("exited") || listed.equals("created");
                };
        return right ? Optional.of(status) : Optional.empty();
    }

    void forget(String id) {
        statuses.remove(id);
    }

    /** Drops the owner's containers that are not there any more. */
    void keepOnly(Owner owner, Set<String> ids) {
        statuses.values()
                .removeIf(status ->
                        Labels.belongsTo(owner, status.labels()) && !ids.contains(status.id()));
    }
}
