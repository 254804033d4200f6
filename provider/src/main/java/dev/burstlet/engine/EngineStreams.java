package dev.burstlet.engine;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.SandboxStatus;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.LogRequest;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodStreams;
import dev.burstlet.pod.ProcessIo;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The streams of a node's pods: finds the container that is meant, the engine does the rest. */
final class EngineStreams implements PodStreams {
    private final ContainerEngine engine;
    private final Function<PodKey, PodWorker.View> views;

    EngineStreams(ContainerEngine engine, Function<PodKey, PodWorker.View> views) {
        this.engine = engine;
        this.views = views;
    }

    @Override
    public void logs(PodKey key, String container, LogRequest request, OutputStream out)
            throws IOException, InterruptedException {
        engine.logs(logged(key, container, request.previous()), request, out);
    }

    @Override
    public int exec(PodKey key, String container, List<String> command, ProcessIo io)
            throws IOException, InterruptedException {
        return engine.exec(running(key, container), command, io);
    }

    @Override
    public void attach(PodKey key, String container, ProcessIo io)
            throws IOException, InterruptedException {
        engine.attach(running(key, container), io);
    }

    @Override
    public void portForward(PodKey key, int port, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        String sandbox =
                views.apply(key)
                        .observed()
                        .readySandbox()
                        .map(SandboxStatus::id)
                        .orElseThrow(() ->
                                new BackendException(
                                        Reason.NOT_FOUND,
                                        "pod \"%s\" has no running sandbox".formatted(key.name())));
        engine.portForward(sandbox, port, in, out);
    }

    private String running(PodKey key, String container) {
        return views.apply(key)
                .observed()
                .newest(container)
                .filter(ContainerStatus::running)
                .map(ContainerStatus::id)
                .orElseThrow(() ->
                        new BackendException(
                                Reason.NOT_FOUND,
                                "container not found (\"%s\")".formatted(container)));
    }

    /** The id of the container whose log is meant, by the pod's status as the kubelet does. */
    private String logged(PodKey key, String container, boolean previous) {
        PodWorker.View view = views.apply(key);
        String pod = key.name();
        requireInSpec(view, container, pod);
        io.fabric8.kubernetes.api.model.ContainerStatus status =
                Stream.of(
                                view.status().getContainerStatuses(),
                                view.status().getInitContainerStatuses(),
                                view.status().getEphemeralContainerStatuses())
                        .flatMap(List::stream)
                        .filter(s -> s.getName().equals(container))
                        .findFirst()
                        .orElseThrow(() ->
                                refused(
                                        "container \"%s\" in pod \"%s\" is not available"
                                                .formatted(container, pod)));
        @Nullable String last = ended(status.getLastState());
        if (previous) {
            if (last == null) {
                throw refused(
                        "previous terminated container \"%s\" in pod \"%s\" not found"
                                .formatted(container, pod));
            }
            return last;
        }
        return current(status, last, pod);
    }

    private static String current(
            io.fabric8.kubernetes.api.model.ContainerStatus status,
            @Nullable String last,
            String pod) {
        ContainerState state = status.getState() == null ? new ContainerState() : status.getState();
        if (state.getRunning() != null) {
            return bare(status.getContainerID());
        }
        @Nullable String ended = state.getTerminated() == null ? null : ended(state);
        if (ended != null) {
            return ended;
        }
        if (last != null) {
            return last;
        }
        String subject = "container \"%s\" in pod \"%s\" ".formatted(status.getName(), pod);
        if (state.getWaiting() == null) {
            throw refused(
                    subject
                            + (state.getTerminated() != null
                                    ? "is terminated"
                                    : "is waiting to start - no logs yet"));
        }
        throw refused(subject + "is waiting to start: " + why(state.getWaiting().getReason()));
    }

    private static String why(String reason) {
        return switch (reason) {
            case "ErrImagePull" -> "image can't be pulled";
            case "ImagePullBackOff" -> "trying and failing to pull image";
            default -> reason;
        };
    }

    private static void requireInSpec(PodWorker.View view, String container, String pod) {
        PodStatus status = view.status();
        boolean inSpec =
                view.wanted() == null
                        ? view.observed().newest(container).isPresent()
                        : view.wanted().members().stream()
                                .anyMatch(m -> m.name().equals(container));
        if (!inSpec || status == null) {
            throw new BackendException(
                    Reason.NOT_FOUND,
                    "container %s is not valid for pod %s".formatted(container, pod));
        }
    }

    private static @Nullable String ended(@Nullable ContainerState state) {
        if (state == null
                || state.getTerminated() == null
                || state.getTerminated().getContainerID() == null
                || state.getTerminated().getContainerID().isEmpty()) {
            return null;
        }
        return bare(state.getTerminated().getContainerID());
    }

    private static String bare(String containerId) {
        return containerId.substring(containerId.indexOf("://") + 3);
    }

    private static BackendException refused(String message) {
        return new BackendException(Reason.INVALID, message);
    }
}
