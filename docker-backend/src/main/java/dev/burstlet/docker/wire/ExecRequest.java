package dev.burstlet.docker.wire;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command to be run in a container.
 *
 * @param user as {@code uid:gid}, or empty for the container's
 * @param privileged with all capabilities that the engine can give
 * @param timeout for all of it, or null
 */
public record ExecRequest(
        String containerId,
        List<String> command,
        String user,
        boolean privileged,
        @Nullable Duration timeout) {
    public ExecRequest {
        command = List.copyOf(command);
    }
}
