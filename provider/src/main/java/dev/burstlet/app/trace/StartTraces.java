package dev.burstlet.app.trace;

import dev.burstlet.app.measure.PodStarts;
import dev.burstlet.engine.EngineMeter;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Traces each pod's start: a span from the watch event that showed the pod until the watch shows
 * that all its containers run. In it are one until the host was asked ({@code bundle}), one for
 * each piece of the host's work (sandbox, image, container), one until the status was seen at the
 * API server ({@code status}), and the pod's events. A start that comes to nothing is a failed
 * span.
 */
public final class StartTraces implements EngineMeter {
    private static final int MOST_EVENTS = 100;

    private final String node;
    private final SpanExport export;
    private final InstantSource clock;
    private final Map<String, Start> starts = new ConcurrentHashMap<>();

    public StartTraces(String node, SpanExport export, InstantSource clock) {
        this.node = node;
        this.export = export;
        this.clock = clock;
    }

    /**
     * A start that goes on.
     *
     * @param watched whether it began with a watch event, and so ends with one
     */
    private record Start(
            String trace,
            String id,
            PodKey key,
            Instant begun,
            boolean watched,
            AtomicBoolean accepted,
            AtomicReference<@Nullable Instant> running,
            List<Span.Happening> events) {}

    @Override
    public void seen(Pod pod) {
        String uid = pod.getMetadata().getUid();
        @Nullable Start known = starts.get(uid);
        if (known == null) {
            if (PodStarts.isNew(pod) && pod.getMetadata().getDeletionTimestamp() == null) {
                begin(pod, true);
            }
            return;
        }
        @Nullable Instant running = known.running().get();
        if (running != null && pod.getStatus() != null && PodStarts.allStarted(pod.getStatus())) {
            part(known, "status", running, clock.instant());
            finish(uid, false);
        } else if (pod.getStatus() != null && "Failed".equals(pod.getStatus().getPhase())) {
            finish(uid, true);
        }
    }

    @Override
    public void gone(Pod pod) {
        finish(pod.getMetadata().getUid(), true);
    }

    @Override
    public void accepted(Pod pod) {
        if (!PodStarts.isNew(pod)) {
            return;
        }
        Start start = begin(pod, false);
        if (start.accepted().compareAndSet(false, true) && start.watched()) {
            part(start, "bundle", start.begun(), clock.instant());
        }
    }

    private Start begin(Pod pod, boolean watched) {
        PodKey key = PodKey.of(pod);
        return starts.computeIfAbsent(
                key.uid(),
                _ ->
                        new Start(
                                digits(16),
                                digits(8),
                                key,
                                clock.instant(),
                                watched,
                                new AtomicBoolean(),
                                new AtomicReference<>(),
                                new ArrayList<>()));
    }

    @Override
    public void acted(PodKey pod, String action, Instant begun, Instant ended) {
        @Nullable Start start = starts.get(pod.uid());
        if (start != null) {
            part(start, action, begun, ended);
        }
    }

    private void part(Start start, String name, Instant begun, Instant ended) {
        export.add(
                new Span(
                        start.trace(),
                        digits(8),
                        start.id(),
                        name,
                        begun,
                        ended,
                        false,
                        Map.of(),
                        List.of()));
    }

    @Override
    public void happened(PodEvent event) {
        @Nullable Start start = starts.get(event.key().uid());
        if (start != null) {
            synchronized (start) {
                if (start.events().size() < MOST_EVENTS) {
                    start.events()
                            .add(new Span.Happening(event.time(), event.reason(), event.message()));
                }
            }
        }
    }

    @Override
    public void reported(PodReport report) {
        String uid = report.key().uid();
        @Nullable Start start = starts.get(uid);
        if (start == null) {
            return;
        }
        boolean started = PodStarts.allStarted(report.status());
        if (started && start.watched() && report.stage() == PodReport.Stage.ACTIVE) {
            start.running().compareAndSet(null, clock.instant());
        } else if (started || report.stage() != PodReport.Stage.ACTIVE) {
            finish(uid, !started);
        }
    }

    private void finish(String uid, boolean failed) {
        @Nullable Start start = starts.remove(uid);
        if (start != null) {
            end(start, failed);
        }
    }

    private void end(Start start, boolean failed) {
        List<Span.Happening> events;
        synchronized (start) {
            events = List.copyOf(start.events());
        }
        export.add(
                new Span(
                        start.trace(),
                        start.id(),
                        "",
                        "pod start",
                        start.begun(),
                        clock.instant(),
                        failed,
                        Map.of(
                                "k8s.node.name", node,
                                "k8s.namespace.name", start.key().namespace(),
                                "k8s.pod.name", start.key().name(),
                                "k8s.pod.uid", start.key().uid()),
                        events));
    }

    private static String digits(int bytes) {
        byte[] random = new byte[bytes];
        RandomGenerator.getDefault().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
