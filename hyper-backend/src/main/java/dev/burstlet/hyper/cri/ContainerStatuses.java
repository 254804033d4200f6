package dev.burstlet.hyper.cri;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ContainerStatus.State;
import dev.burstlet.container.ContainerStatus.User;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Resources;
import dev.burstlet.hyper.proto.cri.ContainerStatus;
import dev.burstlet.hyper.proto.cri.LinuxContainerUser;
import dev.burstlet.pod.PodKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads statuses. Runtimes before CRI 1.27 do not tell a container's limits: then they are those of
 * its creation, or of the last change that this process made.
 */
final class ContainerStatuses {
    private static final int UNKNOWN_EXIT = 255;

    private final Map<String, Resources> changed = new ConcurrentHashMap<>();

    void updated(String id, Resources resources) {
        changed.put(id, resources);
    }

    void forget(String id) {
        changed.remove(id);
    }

    /** Empty for a container that carries none of our labels. */
    Optional<dev.burstlet.container.ContainerStatus> read(ContainerStatus wire, String sandbox) {
        Map<String, String> labels = wire.getLabelsMap();
        Optional<PodKey> pod = Labels.podKey(labels);
        return pod.map(key ->
                new dev.burstlet.container.ContainerStatus(
                        wire.getId(),
                        key,
                        sandbox,
                        wire.getMetadata().getName(),
                        ContainerKind.of(labels.getOrDefault(Labels.CONTAINER_KIND, "")),
                        Labels.attempt(labels),
                        wire.getAnnotationsOrDefault(
                                ContainerConfigs.IMAGE, wire.getImage().getImage()),
                        wire.getImageRef(),
                        Times.instant(wire.getCreatedAt()),
                        state(wire),
                        resources(wire),
                        user(wire),
                        labels));
    }

    private static State state(ContainerStatus wire) {
        return switch (wire.getState()) {
            case CONTAINER_CREATED -> new State.Created();
            case CONTAINER_RUNNING -> new State.Running(Times.instant(wire.getStartedAt()));
            case CONTAINER_EXITED -> exited(wire, wire.getExitCode());
            case CONTAINER_UNKNOWN, UNRECOGNIZED ->
                    exited(wire, wire.getExitCode() == 0 ? UNKNOWN_EXIT : wire.getExitCode());
        };
    }

    private static State exited(ContainerStatus wire, int code) {
        // A process that ends at once may have ended before its start was noted.
        long started =
                wire.getStartedAt() == 0
                        ? wire.getFinishedAt()
                        : Math.min(wire.getStartedAt(), wire.getFinishedAt());
        String reason = wire.getReason();
        return new State.Exited(
                code,
                0,
                reason.isEmpty() ? (code == 0 ? "Completed" : "Error") : reason,
                trim(wire.getMessage()),
                Times.instant(started),
                Times.instant(wire.getFinishedAt()));
    }

    /** Without the backtrace that Kata's agent adds. */
    private static String trim(String message) {
        int backtrace = message.indexOf("\nStack backtrace");
        return backtrace < 0 ? message : message.substring(0, backtrace);
    }

    private Resources resources(ContainerStatus wire) {
        if (wire.getResources().hasLinux()) {
            return Translation.resources(wire.getResources().getLinux());
        }
        @Nullable Resources now = changed.get(wire.getId());
        return now != null
                ? now
                : ContainerConfigs.read(
                        wire.getAnnotationsOrDefault(ContainerConfigs.RESOURCES, ""));
    }

    private static @Nullable User user(ContainerStatus wire) {
        if (!wire.getUser().hasLinux()) {
            return null;
        }
        LinuxContainerUser user = wire.getUser().getLinux();
        return new User(user.getUid(), user.getGid(), user.getSupplementalGroupsList());
    }
}
