package dev.burstlet.docker.stats;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import dev.burstlet.container.PodStorage;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.docker.tool.SandboxTool;
import dev.burstlet.docker.tool.ToolResult;
import dev.burstlet.docker.wire.EngineErrors;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.PodKey;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What single pods' volumes and logs use: volumes as the tool sees them in the pod's sandbox, logs
 * where the engine is on this machine. Safe for use by many threads.
 */
public final class StorageUse {
    private static final int MOST_BYTES = 1 << 20;
    private static final int FIELDS = 7;

    private final DockerClient docker;
    private final SandboxTool tool;
    private final InstantSource clock;
    private final Supplier<@Nullable Path> localRoot;

    /**
     * @param localRoot the engine's own directory where it is this machine's, else null
     */
    public StorageUse(
            DockerClient docker,
            SandboxTool tool,
            InstantSource clock,
            Supplier<@Nullable Path> localRoot) {
        this.docker = docker;
        this.tool = tool;
        this.clock = clock;
        this.localRoot = localRoot;
    }

    /** As {@link dev.burstlet.container.ContainerEngine#podStorage}: one exec for all volumes. */
    public PodStorage of(Owner owner, String sandboxId, PodKey pod, List<VolumeSpec> volumes) {
        return new PodStorage(volumes(sandboxId, volumes), logs(owner, pod));
    }

    private Map<String, Filesystem> volumes(String sandboxId, List<VolumeSpec> volumes) {
        if (volumes.isEmpty()) {
            return Map.of();
        }
        List<String> arguments = new ArrayList<>(List.of("du"));
        volumes.forEach(volume -> arguments.add((own(volume) ? "" : "=") + volume.name()));
        ToolResult result = tool.run(sandboxId, arguments, null, MOST_BYTES);
        Instant now = clock.instant();
        Map<String, Filesystem> found = new HashMap<>();
        for (String line : result.lines()) {
            String[] fields = line.split(" ", -1);
            if (fields.length == FIELDS) {
                found.put(fields[0], filesystem(now, fields));
            }
        }
        return found;
    }

    /** Whether it is the pod's alone, so that what is in it counts and not what is beside it. */
    private static boolean own(VolumeSpec volume) {
        return switch (volume.source()) {
            case Source.Scratch _, Source.ScratchMemory _, Source.Files _ -> true;
            case Source.Named _, Source.Nfs _, Source.HostPath _, Source.Image _ -> false;
        };
    }

    static Filesystem filesystem(Instant time, String[] fields) {
        long inodes = Long.parseLong(fields[5]);
        boolean counted = inodes > 0;
        return new Filesystem(
                time,
                Long.valueOf(fields[4]),
                Long.valueOf(fields[3]),
                Long.valueOf(fields[1]),
                counted ? Long.valueOf(fields[6]) : null,
                counted ? Long.valueOf(inodes) : null,
                Long.valueOf(fields[2]));
    }

    private Map<String, Filesystem> logs(Owner owner, PodKey pod) {
        @Nullable Path root = localRoot.get();
        if (root == null) {
            return Map.of();
        }
        Map<String, Long> bytes = new HashMap<>();
        for (Container container : containers(owner, pod)) {
            @Nullable String name = container.getLabels().get(Labels.CONTAINER_NAME);
            if (name != null) {
                Path directory = root.resolve("containers").resolve(container.getId());
                bytes.merge(name, PodDisk.logBytes(directory), Long::sum);
            }
        }
        Instant now = clock.instant();
        Map<String, Filesystem> logs = new HashMap<>();
        bytes.forEach((name, used) ->
                logs.put(name, new Filesystem(now, null, null, used, null, null, null)));
        return logs;
    }

    private List<Container> containers(Owner owner, PodKey pod) {
        return EngineErrors.call(
                "containers",
                () ->
                        docker.listContainersCmd()
                                .withLabelFilter(PodDisk.labels(owner, pod))
                                .withShowAll(true)
                                .exec());
    }
}
