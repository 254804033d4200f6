package dev.burstlet.docker.tool;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import dev.burstlet.container.Labels;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containers of a moment that a process left behind when it was killed: those by their label
 * that are older than any moment lasts, whoever's they were.
 */
public final class LeftTools {
    private static final Logger LOG = LoggerFactory.getLogger(LeftTools.class);
    private static final Duration LONGEST = Duration.ofHours(1);

    private LeftTools() {}

    /** Removes those that keep a volume in use, however old; its pod starts nothing any more. */
    public static void removeUsersOf(DockerClient docker, String volume) {
        try {
            docker.listContainersCmd()
                    .withShowAll(true)
                    .withVolumeFilter(List.of(volume))
                    .withLabelFilter(List.of(Labels.KIND + "=" + ToolContainer.KIND))
                    .exec()
                    .forEach(one -> docker.removeContainerCmd(one.getId()).withForce(true).exec());
        } catch (RuntimeException e) {
            LOG.debug("What uses volume {} stays: {}", volume, e.getMessage());
        }
    }

    /** Removes them; what cannot be removed stays for another time. */
    public static void remove(DockerClient docker, InstantSource clock) {
        long limit = clock.instant().minus(LONGEST).getEpochSecond();
        for (String kind : List.of(ToolContainer.KIND, ToolContainer.RESOLVER)) {
            try {
                docker
                        .listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(List.of(Labels.KIND + "=" + kind))
                        .exec()
                        .stream()
                        .filter(one -> one.getCreated() < limit)
                        .map(Container::getId)
                        .forEach(id -> docker.removeContainerCmd(id).withForce(true).exec());
            } catch (DockerException e) {
                LOG.warn("Containers of an earlier process are left over: {}", e.getMessage());
            }
        }
    }
}
