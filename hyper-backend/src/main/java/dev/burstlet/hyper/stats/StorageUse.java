package dev.burstlet.hyper.stats;

import dev.burstlet.container.PodStorage;
import dev.burstlet.container.VolumeSpec;
import dev.burstlet.container.VolumeSpec.Source;
import dev.burstlet.hyper.host.HostFacts;
import dev.burstlet.hyper.volume.VolumeTree;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.PodKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What single pods' volumes and logs use, by the files of this host. */
public final class StorageUse {
    private final VolumeTree volumes;
    private final InstantSource clock;

    public StorageUse(VolumeTree volumes, InstantSource clock) {
        this.volumes = volumes;
        this.clock = clock;
    }

    /**
     * As {@link dev.burstlet.container.ContainerEngine#podStorage}.
     *
     * @param logs the directory that has one of each container's logs
     */
    public PodStorage of(PodKey pod, List<VolumeSpec> specs, Path logs) {
        Instant now = clock.instant();
        Map<String, Filesystem> found = new HashMap<>();
        for (VolumeSpec spec : specs) {
            @Nullable Filesystem use = use(now, pod, spec);
            if (use != null) {
                found.put(spec.name(), use);
            }
        }
        return new PodStorage(found, logs(now, logs));
    }

    private @Nullable Filesystem use(Instant now, PodKey pod, VolumeSpec spec) {
        return switch (spec.source()) {
            case Source.Scratch _, Source.ScratchMemory _, Source.Files _ ->
                    directory(pod, spec).map(path -> tree(now, path)).orElse(null);
            case Source.Nfs _ ->
                    directory(pod, spec)
                            .map(path -> HostFacts.filesystem(now, path, null, null))
                            .orElse(null);
            case Source.HostPath host ->
                    HostFacts.filesystem(now, Path.of(host.path()), null, null);
            case Source.Named _, Source.Image _ -> null;
        };
    }

    private Optional<Path> directory(PodKey pod, VolumeSpec spec) {
        return volumes.directory(pod, spec).filter(Files::isDirectory);
    }

    private static @Nullable Filesystem tree(Instant now, Path directory) {
        FilesBelow files = FilesBelow.of(directory);
        return HostFacts.filesystem(now, directory, files.bytes(), files.count());
    }

    private static Map<String, Filesystem> logs(Instant now, Path directory) {
        Map<String, Filesystem> logs = new HashMap<>();
        try (Stream<Path> containers = Files.list(directory)) {
            for (Path container : containers.toList()) {
                FilesBelow files = FilesBelow.of(container);
                logs.put(
                        container.getFileName().toString(),
                        new Filesystem(now, null, null, files.bytes(), null, null, files.count()));
            }
        } catch (IOException e) {
            // No container has run yet.
            return Map.of();
        }
        return logs;
    }
}
