package dev.burstlet.hyper;

import dev.burstlet.hyper.cri.Containers;
import dev.burstlet.hyper.cri.CriConnection;
import dev.burstlet.hyper.log.ContainerLogs;
import dev.burstlet.hyper.log.LogRotation;
import dev.burstlet.hyper.proto.cri.ContainerState;
import dev.burstlet.hyper.proto.cri.ContainerStatus;
import dev.burstlet.hyper.proto.cri.ReopenContainerLogRequest;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.LogRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Containers' logs: copied on request, rotated when they are long, removed with their pod. */
final class LogKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogKeeper.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final CriConnection connection;
    private final Containers containers;
    private final LogRotation rotation;
    private final Thread rotator;

    LogKeeper(CriConnection connection, Containers containers, LogRotation rotation) {
        this.connection = connection;
        this.containers = containers;
        this.rotation = rotation;
        this.rotator = Thread.ofVirtual().name("log-rotation").start(this::rotateForever);
    }

    /** Its log is looked after from now on. */
    void started(String containerId) {
        containers.watchLog(containerId);
    }

    void copy(String containerId, LogRequest request, OutputStream out)
            throws IOException, InterruptedException {
        ContainerStatus status =
                containers
                        .wire(containerId)
                        .orElseThrow(() ->
                                new BackendException(
                                        Reason.NOT_FOUND, "no container " + containerId));
        ContainerLogs.copy(Path.of(status.getLogPath()), request, out, () -> ended(containerId));
    }

    private boolean ended(String containerId) {
        return containers
                .wire(containerId)
                .map(status ->
                        status.getState() != ContainerState.CONTAINER_RUNNING
                                && status.getState() != ContainerState.CONTAINER_CREATED)
                .orElse(true);
    }

    private void rotateForever() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                for (Map.Entry<String, Path> log : containers.runningLogs().entrySet()) {
                    rotate(log.getKey(), log.getValue());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rotate(String containerId, Path path) {
        try {
            rotation.rotateIfLong(containerId, path, this::reopen);
        } catch (IOException | RuntimeException e) {
            LOG.warn("log {} could not be rotated: {}", path, e.getMessage());
        }
    }

    private void reopen(String containerId) {
        var _ =
                connection.runtime(
                        "reopen log of " + containerId,
                        stub ->
                                stub.reopenContainerLog(
                                        ReopenContainerLogRequest.newBuilder()
                                                .setContainerId(containerId)
                                                .build()));
    }

    /** A pod's whole directory. */
    void remove(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> found = Files.walk(directory)) {
            List<Path> deepestFirst = found.sorted(java.util.Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new BackendException(Reason.ENGINE, "logs: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        rotator.interrupt();
    }
}
