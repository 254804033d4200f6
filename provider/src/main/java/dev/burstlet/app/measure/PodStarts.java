package dev.burstlet.app.measure;

import dev.burstlet.engine.EngineMeter;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long pods take from their first sight to running, in the kubelet's three ways. What
 * it remembers of a start it forgets when the pod runs, and the pod when it is gone.
 */
public final class PodStarts implements EngineMeter {
    private final NodeMeters meters;
    private final InstantSource clock;
    private final Map<String, Start> starts = new ConcurrentHashMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    public PodStarts(NodeMeters meters, InstantSource clock) {
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * A start that goes on.
     *
     * @param pulled time that went into images and init containers, which no node answers for
     */
    private record Start(
            Instant created, Instant seen, @Nullable Instant pulling, Duration pulled) {
        Start pulls(Instant now) {
            return pulling == null ? new Start(created, seen, now, pulled) : this;
        }

        Start hasPulled(Instant now) {
            return pulling == null
                    ? this
                    : new Start(created, seen, null, pulled.plus(Duration.between(pulling, now)));
        }
    }

    @Override
    public void accepted(Pod pod) {
        String uid = pod.getMetadata().getUid();
        if (isNew(pod) && known.add(uid)) {
            Instant now = clock.instant();
            starts.put(uid, new Start(created(pod, now), now, null, Duration.ZERO));
        }
    }

    @Override
    public void worked(String operation, long nanos) {
        meters.worked(operation, nanos);
    }

    @Override
    public void happened(PodEvent event) {
        switch (event.reason()) {
            case "Pulling" -> change(event.key(), Start::pulls);
            case "Pulled", "Failed" -> change(event.key(), Start::hasPulled);
            default -> {}
        }
    }

    @Override
    public void reported(PodReport report) {
        String uid = report.key().uid();
        if (report.stage() == PodReport.Stage.REMOVED) {
            known.remove(uid);
        }
        if (!starts.containsKey(uid)) {
            return;
        }
        if (report.stage() != PodReport.Stage.ACTIVE) {
            starts.remove(uid);
        } else if (allStarted(report.status())) {
            @Nullable Start start = starts.remove(uid);
            if (start != null) {
                measure(start, report.status());
            }
        }
    }

    private void measure(Start start, PodStatus status) {
        Instant now = clock.instant();
        Duration total = Duration.between(start.created(), now);
        meters.started(
                "kubelet.pod.start.duration",
                "From the first sight of a pod until all its containers run.",
                Duration.between(start.seen(), now));
        meters.started(
                "kubelet.pod.start.total.duration",
                "From a pod's creation until all its containers run.",
                total);
        meters.started(
                "kubelet.pod.start.sli.duration",
                "The same without pulls of images and init containers.",
                positive(total.minus(start.pulled()).minus(inits(status))));
    }

    private void change(PodKey key, Change change) {
        starts.computeIfPresent(key.uid(), (_, start) -> change.of(start, clock.instant()));
    }

    /** What an event makes of a start. */
    @FunctionalInterface
    private interface Change {
        Start of(Start start, Instant now);
    }

    /** Not one that another process has brought up. */
    private static boolean isNew(Pod pod) {
        @Nullable PodStatus status = pod.getStatus();
        return status == null
                || status.getPhase() == null
                || (status.getPhase().equals("Pending")
                        && status.getContainerStatuses().stream()
                                .allMatch(one -> one.getContainerID() == null));
    }

    private static boolean allStarted(PodStatus status) {
        List<ContainerStatus> containers = status.getContainerStatuses();
        return !containers.isEmpty()
                && containers.stream()
                        .allMatch(one ->
                                one.getState() != null
                                        && (one.getState().getRunning() != null
                                                || one.getState().getTerminated() != null));
    }

    private static Duration inits(PodStatus status) {
        Duration all = Duration.ZERO;
        for (ContainerStatus init : status.getInitContainerStatuses()) {
            if (init.getState() != null && init.getState().getTerminated() != null) {
                var ended = init.getState().getTerminated();
                @Nullable Instant from = time(ended.getStartedAt());
                @Nullable Instant to = time(ended.getFinishedAt());
                if (from != null && to != null) {
                    all = all.plus(Duration.between(from, to));
                }
            }
        }
        return all;
    }

    private static Instant created(Pod pod, Instant now) {
        @Nullable Instant told = time(pod.getMetadata().getCreationTimestamp());
        return told == null ? now : told;
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
