package dev.burstlet.engine.probe;

import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The probes of one running container. */
final class ProbedContainer {
    private final ProbeSubject subject;
    private final Map<ProbeKind, ProbeWorker> workers = new EnumMap<>(ProbeKind.class);

    ProbedContainer(PodKey key, ProbeSubject subject, ProbeWorker.Tools tools) {
        this.subject = subject;
        for (ProbeKind kind : ProbeKind.values()) {
            @Nullable Probe probe = kind.of(subject.spec());
            if (probe != null) {
                workers.put(kind, new ProbeWorker(key, subject, kind, probe, tools, this::started));
            }
        }
    }

    /** Whether these workers serve this container as it is specified now. */
    boolean serves(ProbeSubject other) {
        return subject.containerId().equals(other.containerId())
                && subject.podIp().equals(other.podIp())
                && sameProbes(other);
    }

    private boolean sameProbes(ProbeSubject other) {
        for (ProbeKind kind : ProbeKind.values()) {
            if (!java.util.Objects.equals(kind.of(subject.spec()), kind.of(other.spec()))) {
                return false;
            }
        }
        return true;
    }

    void start(Function<Probe, Duration> jitter) {
        workers.values().forEach(worker -> worker.start(jitter.apply(worker.probe())));
    }

    /** The startup probe has just succeeded: the others need not wait for their period. */
    void startedNow() {
        workers.forEach((kind, worker) -> {
            if (kind != ProbeKind.STARTUP) {
                worker.hasten();
            }
        });
    }

    void stop() {
        workers.values().forEach(ProbeWorker::stop);
    }

    void stop(ProbeKind kind) {
        @Nullable ProbeWorker worker = workers.get(kind);
        if (worker != null) {
            worker.stop();
        }
    }

    boolean started() {
        @Nullable ProbeWorker startup = workers.get(ProbeKind.STARTUP);
        return startup == null || startup.standing() == Tally.Standing.SUCCESS;
    }

    Collection<ProbeWorker> workers() {
        return workers.values();
    }

    String containerId() {
        return subject.containerId();
    }

    ProbeVerdict verdict() {
        boolean started = started();
        @Nullable ProbeWorker readiness = workers.get(ProbeKind.READINESS);
        boolean ready =
                started && (readiness == null || readiness.standing() == Tally.Standing.SUCCESS);
        for (ProbeKind kind : new ProbeKind[] {ProbeKind.STARTUP, ProbeKind.LIVENESS}) {
            @Nullable ProbeWorker worker = workers.get(kind);
            if (worker != null && worker.standing() == Tally.Standing.FAILURE) {
                return new ProbeVerdict(
                        started,
                        ready,
                        kind.word(),
                        worker.probe().getTerminationGracePeriodSeconds());
            }
        }
        return new ProbeVerdict(started, ready, null, null);
    }
}
