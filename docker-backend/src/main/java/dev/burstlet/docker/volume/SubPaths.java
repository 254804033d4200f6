package dev.burstlet.docker.volume;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Mount;
import dev.burstlet.container.ContainerSpec;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.docker.image.PauseImage;
import dev.burstlet.docker.tool.SandboxTool;
import dev.burstlet.docker.tool.ToolContainer;
import dev.burstlet.docker.tool.ToolResult;
import dev.burstlet.docker.wire.EngineErrors;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The parts of volumes that containers mount, resolved by the tool where no link leads out. A link
 * planted after that is harmless: an engine with API 1.45 resolves once more in the same manner;
 * for an older one the part, directory or single file, becomes a volume of its own, a pin, which is
 * mounted and looked at before the container is started ({@link DockerVolumes#pin}).
 */
final class SubPaths {
    private final DockerClient docker;
    private final SandboxTool tool;

    SubPaths(DockerClient docker, SandboxTool tool) {
        this.docker = docker;
        this.tool = tool;
    }

    /**
     * A part of a volume.
     *
     * @param path without links, empty for the whole volume
     */
    record Part(boolean directory, String path) {}

    /** Resolves the subPaths of volumes that the sandbox holds, in one call, in their order. */
    List<Part> resolve(String sandboxId, List<ContainerSpec.Mount> mounts) {
        if (mounts.isEmpty()) {
            return List.of();
        }
        List<String> arguments = new ArrayList<>(List.of("sub"));
        for (ContainerSpec.Mount mount : mounts) {
            arguments.add(mount.volume());
            arguments.add(mount.subPath());
        }
        ToolResult result = tool.run(sandboxId, arguments, null, 1 << 20);
        if (result.exitCode() != 0) {
            // There is a line for each before the one that failed.
            ContainerSpec.Mount failed =
                    mounts.get(Math.min(result.lines().size(), mounts.size() - 1));
            throw new BackendException(
                    Reason.SUB_PATH, failed.volume(), new IllegalStateException(result.failure()));
        }
        return result.lines().stream()
                .map(line -> new Part(line.startsWith("D"), line.substring(2)))
                .toList();
    }

    /** Resolves the subPath of a hostPath, which no sandbox holds. */
    Part resolveOnHost(VolumeNames names, VolumeSpec volume, ContainerSpec.Mount mount) {
        Source.HostPath host = (Source.HostPath) volume.source();
        String name = names.of(volume);
        create(
                name,
                names.labels(volume.name()),
                Map.of("type", "none", "o", "rbind", "device", host.path()));
        var root = EngineMounts.volume(name, PauseImage.VOLUMES + "/" + volume.name(), false);
        try (ToolContainer container =
                ToolContainer.start(docker, new ToolContainer.View(List.of(root), false))) {
            return resolve(container.id(), List.of(mount)).getFirst();
        }
    }

    /** Makes the volume that is one part of another. */
    void createPin(String pin, VolumeNames names, VolumeSpec volume, Part part) {
        String whole = names.of(volume);
        Map<String, String> labels = names.labels(volume.name());
        labels.put(VolumeNames.PIN_OF, whole);
        labels.put(VolumeNames.PIN_PATH, part.path());
        String root =
                volume.source() instanceof Source.HostPath host ? host.path() : mountpoint(whole);
        create(
                pin,
                labels,
                Map.of("type", "none", "o", "bind", "device", root + "/" + part.path()));
        if (!part.directory()) {
            becomeFile(pin);
        }
    }

    /**
     * Replaces the directory that the engine mounts a volume on by a file: a file is mounted on
     * nothing else. The engine itself does not mind, when it mounts, unmounts, removes or restarts.
     */
    private void becomeFile(String pin) {
        String mountpoint = mountpoint(pin);
        int slash = mountpoint.lastIndexOf('/');
        Mount parent =
                EngineMounts.hostPath(
                        mountpoint.substring(0, slash), PauseImage.VOLUMES + "/parent");
        try (ToolContainer container =
                ToolContainer.start(docker, new ToolContainer.View(List.of(parent), false))) {
            List<String> arguments = List.of("file", "parent", mountpoint.substring(slash + 1));
            ToolResult result = tool.run(container.id(), arguments, null, 1024);
            if (result.exitCode() != 0) {
                throw new BackendException(
                        Reason.ENGINE, "failed to prepare subPath: " + result.failure());
            }
        }
    }

    /** Where the engine has a volume on its host. */
    String mountpoint(String name) {
        String mountpoint =
                EngineErrors.call(
                        "volume " + name,
                        () -> docker.inspectVolumeCmd(name).exec().getMountpoint());
        if (mountpoint == null || mountpoint.isEmpty()) {
            throw new BackendException(
                    Reason.UNSUPPORTED,
                    "volumeMounts[].subPath: the driver of volume " + name + " tells no path");
        }
        return mountpoint;
    }

    private void create(String name, Map<String, String> labels, Map<String, String> options) {
        EngineErrors.call(
                "volume " + name,
                () ->
                        docker.createVolumeCmd()
                                .withName(name)
                                .withDriver("local")
                                .withLabels(labels)
                                .withDriverOpts(options)
                                .exec());
    }
}
