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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Traces each pod's start: a span from the pod's first sight to all containers running, in it one
 * for each piece of work (sandbox, image, container), and the pod's events. A start that comes to
 * nothing is a failed span.
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

    /** A start that goes on. */
    private record Start(
            String trace, String id, PodKey key, Instant begun, List<Span.Happening> events) {}

    @Override
    public void accepted(Pod pod) {
        if (PodStarts.isNew(pod)) {
            PodKey key = PodKey.of(pod);
            starts.computeIfAbsent(
                    key.uid(),
                    _ -> new Start(digits(16), digits(8), key, clock.instant(), new ArrayList<>()));
        }
    }

    @Override
    public void acted(PodKey pod, String action, Instant begun, Instant ended) {
        @Nullable Start start = starts.get(pod.uid());
        if (start != null) {
            export.add(
                    new Span(
                            start.trace(),
                            digits(8),
                            start.id(),
                            action,
                            begun,
                            ended,
                            false,
                            Map.of(),
                            List.of()));
        }
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
        boolean started = PodStarts.allStarted(report.status());
        if (starts.containsKey(uid) && (started || report.stage() != PodReport.Stage.ACTIVE)) {
            @Nullable Start start = starts.remove(uid);
            if (start != null) {
                end(start, !started);
            }
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
