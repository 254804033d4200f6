package dev.burstlet.hyper.stats;

import dev.burstlet.container.DiskUsage;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Labels;
import dev.burstlet.container.Owner;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.cri.Sandboxes;
import dev.burstlet.hyper.proto.cri.ContainerStats;
import dev.burstlet.hyper.proto.cri.ContainerStatsFilter;
import dev.burstlet.hyper.proto.cri.ListContainerStatsRequest;
import dev.burstlet.hyper.volume.VolumeTree;
import dev.burstlet.pod.PodKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The disk space that single pods use: layers by the runtime's word, the rest by its files. */
public final class PodDisk {
    private final CriConnection connection;
    private final VolumeTree volumes;

    public PodDisk(CriConnection connection, VolumeTree volumes) {
        this.connection = connection;
        this.volumes = volumes;
    }

    /**
     * As {@link dev.burstlet.container.ContainerEngine#diskUsage}.
     *
     * @param logs the directory that has one of each container's logs
     */
    public DiskUsage of(Owner owner, PodKey pod, Path logs) {
        Map<String, Long> scratch = new HashMap<>();
        volumes.scratch(pod)
                .forEach((name, directory) -> scratch.put(name, FilesBelow.of(directory).bytes()));
        return new DiskUsage(layers(owner, pod), logs(logs), scratch);
    }

    private Map<String, Long> layers(Owner owner, PodKey pod) {
        ContainerStatsFilter filter =
                ContainerStatsFilter.newBuilder()
                        .putAllLabelSelector(Sandboxes.selector(new Filter(owner, pod.uid())))
                        .build();
        Map<String, Long> layers = new HashMap<>();
        for (ContainerStats stats :
                connection
                        .runtime(
                                "container stats",
                                stub ->
                                        stub.listContainerStats(
                                                ListContainerStatsRequest.newBuilder()
                                                        .setFilter(filter)
                                                        .build()))
                        .getStatsList()) {
            @Nullable String name = stats.getAttributes().getLabelsMap().get(Labels.CONTAINER_NAME);
            if (name != null && stats.hasWritableLayer()) {
                layers.merge(name, stats.getWritableLayer().getUsedBytes().getValue(), Math::max);
            }
        }
        return layers;
    }

    private static Map<String, Long> logs(Path directory) {
        Map<String, Long> logs = new HashMap<>();
        try (Stream<Path> containers = Files.list(directory)) {
            for (Path container : containers.toList()) {
                logs.put(container.getFileName().toString(), FilesBelow.of(container).bytes());
            }
        } catch (IOException e) {
            // No container has run yet.
            return Map.of();
        }
        return logs;
    }
}
