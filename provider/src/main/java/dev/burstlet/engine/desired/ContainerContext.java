package dev.burstlet.engine.desired;

import dev.burstlet.container.ContainerKind;
import dev.burstlet.container.ImageInfo;
import dev.burstlet.container.SandboxSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known only when a container is about to be made.
 *
 * @param attempt 0 for the first, then the restart count
 * @param sandbox the spec that the sandbox was run with
 * @param podIps the pod's addresses, primary first
 * @param image what the container's reference names on the engine
 * @param envFiles what the container's variables that come from files are read from
 * @param targetContainerId whose PID namespace an ephemeral container joins, or null
 */
public record ContainerContext(
        String name,
        ContainerKind kind,
        int attempt,
        String sandboxId,
        SandboxSpec sandbox,
        List<String> podIps,
        ImageInfo image,
        EnvFiles envFiles,
        @Nullable String targetContainerId) {
    public ContainerContext {
        podIps = List.copyOf(podIps);
    }
}
