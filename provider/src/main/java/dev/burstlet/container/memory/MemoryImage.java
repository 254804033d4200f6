package dev.burstlet.container.memory;

import dev.burstlet.container.ImageInfo;
import java.util.List;

/**
 * An image of a simulated host.
 *
 * @param entrypoint what a container runs before its arguments; empty together with the command
 *     runs until it is told to end and answers every HTTP request
 * @param env as {@code NAME=value}
 */
public record MemoryImage(
        ImageInfo info,
        List<String> entrypoint,
        List<String> command,
        List<String> env,
        String workingDir,
        String stopSignal) {
    public MemoryImage {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        env = List.copyOf(env);
    }
}
