package dev.burstlet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What an engine tells of containers from when this is opened on. Of the past it knows the last 256
 * events alone, whosever they are.
 */
final class DockerEvents implements AutoCloseable {
    private static final String FORMAT =
            "{{.TimeNano}}\t{{index .Actor.Attributes \"io.kubernetes.pod.uid\"}}"
                    + "\t{{index .Actor.Attributes \"io.kubernetes.container.name\"}}\t{{.Action}}"
                    + "\t{{index .Actor.Attributes \"signal\"}}{{index .Actor.Attributes \"exitCode\"}}";

    private final Path file;
    private final Process process;

    private DockerEvents(Path file, Process process) {
        this.file = file;
        this.process = process;
    }

    /**
     * One event.
     *
     * @param detail the signal, or the exit code
     */
    record Event(Instant time, String podUid, String container, String action, String detail) {
        private static Event of(String line) {
            String[] part = line.split("\t", -1);
            Instant time = Instant.EPOCH.plusNanos(Long.parseLong(part[0]));
            return new Event(time, part[1], part[2], part[3].strip(), part[4]);
        }
    }

    /** Those of containers with a label. */
    static DockerEvents follow(Docker docker, String label) {
        try {
            Path file = Files.createTempFile("docker", ".events");
            Process process =
                    new ProcessBuilder(
                                    "docker",
                                    "-H",
                                    docker.endpoint(),
                                    "events",
                                    "--since",
                                    Long.toString(Instant.now().getEpochSecond()),
                                    "--filter",
                                    "label=" + label,
                                    "--filter",
                                    "type=container",
                                    "--format",
                                    FORMAT)
                            .redirectOutput(file.toFile())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            return new DockerEvents(file, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of a pod's containers until now, in their order. */
    List<Event> ofPod(String uid) {
        try {
            String text = Files.readString(file);
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(Event::of)
                    .filter(event -> event.podUid().equals(uid))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first of its kind. */
    static Event first(List<Event> events, String container, String action) {
        return events.stream()
                .filter(event ->
                        event.container().equals(container) && event.action().equals(action))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("no " + action + " of " + container + " in " + events));
    }

    /** The only one of its kind. */
    static Event only(List<Event> events, String container, String action) {
        assertThat(events)
                .filteredOn(event ->
                        event.container().equals(container) && event.action().equals(action))
                .as(action + " of " + container)
                .hasSize(1);
        return first(events, container, action);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
