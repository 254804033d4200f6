package dev.burstlet.docker.volume;

import com.github.dockerjava.api.DockerClient;
import dev.burstlet.container.ContainerSpec.Propagation;
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
        for (VolumeSpec volume : volumes) {
            if (volume.source() instanceof Source.HostPath host) {
                arguments.add(type(host.type()));
                arguments.add(host.path());
            }
        }
        if (arguments.size() == 1) {
            return;
        }
        var root =
                EngineMounts.bind(
                        "/",
                        PauseImage.VOLUMES + "/host",
                        false,
                        false,
                        Propagation.NONE,
                        new VolumeFeatures(false, false));
        try (ToolContainer container =
                ToolContainer.start(docker, new ToolContainer.View(List.of(root), false))) {
            ToolResult result = tool.run(container.id(), arguments, null, 1 << 16);
            if (result.exitCode() != 0) {
                throw new BackendException(
                        Reason.INVALID,
                        "hostPath type check failed: "
                                + asKubelet(volumes, result.stderr().strip()));
            }
        }
    }

    /** A path that is missing is not of its type either, says the kubelet. */
    private static String asKubelet(List<VolumeSpec> volumes, String failure) {
        String plain = failure.replaceFirst("^hostPath ", "");
        for (VolumeSpec volume : volumes) {
            if (volume.source() instanceof Source.HostPath host
                    && plain.equals(host.path() + ": no such file or directory")) {
                return host.path() + " is not " + word(host.type());
            }
        }
        return plain.replaceFirst(": is not ", " is not ");
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
