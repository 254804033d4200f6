package dev.burstlet.docker.volume;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Mount;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.HostPathType;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.docker.image.PauseImage;
import dev.burstlet.docker.tool.SandboxTool;
import dev.burstlet.docker.tool.ToolContainer;
import dev.burstlet.docker.tool.ToolResult;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks of hostPath volumes, on the engine's host: a short-lived container sees the host's root,
 * looks at all paths of a pod and makes what their types say is to be made. As the engine of a
 * kubelet does, a path without a type that is missing is made as a directory.
 */
final class HostPaths {
    private final DockerClient docker;
    private final SandboxTool tool;

    HostPaths(DockerClient docker, SandboxTool tool) {
        this.docker = docker;
        this.tool = tool;
    }

    void check(List<VolumeSpec> volumes) {
        List<String> arguments = new ArrayList<>(List.of("check"));
        List<VolumeSpec> checked = new ArrayList<>();
        for (VolumeSpec volume : volumes) {
            if (volume.source() instanceof Source.HostPath host) {
                checked.add(volume);
                arguments.add(type(host.type()));
                arguments.add(host.path());
            }
        }
        if (checked.isEmpty()) {
            return;
        }
        Mount root = EngineMounts.hostPath("/", PauseImage.VOLUMES + "/host");
        try (ToolContainer container =
                ToolContainer.start(docker, new ToolContainer.View(List.of(root), false))) {
            ToolResult result = tool.run(container.id(), arguments, null, 1 << 16);
            if (result.exitCode() != 0) {
                // A line for each that is as it should be, up to the first that is not.
                int at = Math.min(result.lines().size(), checked.size() - 1);
                throw failed(checked.get(at), result.failure());
            }
        }
    }

    /** A path that is missing is not of its type either, says the kubelet. */
    private static BackendException failed(VolumeSpec volume, String failure) {
        Source.HostPath host = (Source.HostPath) volume.source();
        boolean wrongType =
                failure.contains(": is not ") || failure.endsWith(": no such file or directory");
        return volume.failed(
                Reason.INVALID,
                wrongType
                        ? "hostPath type check failed: %s is not %s"
                                .formatted(host.path(), word(host.type()))
                        : failure);
    }

    private static String word(HostPathType type) {
        return switch (type) {
            case UNSET, DIRECTORY, DIRECTORY_OR_CREATE -> "a directory";
            case FILE, FILE_OR_CREATE -> "a file";
            case SOCKET -> "a socket file";
            case CHAR_DEVICE -> "a character device";
            case BLOCK_DEVICE -> "a block device";
        };
    }

    private static String type(HostPathType type) {
        return switch (type) {
            case UNSET -> "any";
            case DIRECTORY -> "dir";
            case DIRECTORY_OR_CREATE -> "newdir";
            case FILE -> "file";
            case FILE_OR_CREATE -> "newfile";
            case SOCKET -> "socket";
            case CHAR_DEVICE -> "char";
            case BLOCK_DEVICE -> "block";
        };
    }
}
