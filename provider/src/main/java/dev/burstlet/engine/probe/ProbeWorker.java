package dev.burstlet.engine.probe;

import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One probe of one running container: asks every period, keeps the tally. Between two probes it
 * costs a timer and no thread.
 */
final class ProbeWorker {
    private static final int ATTEMPTS = 3;

    private final PodKey key;
    private final ProbeSubject subject;
    private final ProbeKind kind;
    private final Probe probe;
    private final ProbeTransport transport;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final ProbeListener listener;
    private final BooleanSupplier started;
    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);
    private final Latencies latencies = new Latencies();

    private volatile Tally tally;
    private volatile boolean stopped;
    private volatile @Nullable Thread running;
    private @Nullable ScheduledFuture<?> next;

    /** How a single probe ended, as the kubelet's metric has it. */
    enum Outcome {
        SUCCESSFUL,
        FAILED,
        UNKNOWN
    }

    /**
     * @param started whether the container's startup probe has succeeded; asked before each probe
     */
    ProbeWorker(
            PodKey key,
            ProbeSubject subject,
            ProbeKind kind,
            Probe probe,
            Tools tools,
            BooleanSupplier started) {
        this.key = key;
        this.subject = subject;
        this.kind = kind;
        this.probe = probe;
        this.transport = tools.transport();
        this.clock = tools.clock();
        this.timer = tools.timer();
        this.listener = tools.listener();
        this.started = started;
        this.tally = Tally.of(initial());
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    /** What all workers share. */
    record Tools(
            ProbeTransport transport,
            InstantSource clock,
            ScheduledExecutorService timer,
            ProbeListener listener) {}

    private Tally.Standing initial() {
        return switch (kind) {
            case STARTUP -> subject.wasStarted() ? Tally.Standing.SUCCESS : Tally.Standing.UNKNOWN;
            case LIVENESS -> Tally.Standing.SUCCESS;
            case READINESS -> subject.wasReady() ? Tally.Standing.SUCCESS : Tally.Standing.FAILURE;
        };
    }

    Tally.Standing standing() {
        return tally.standing();
    }

    ProbeKind kind() {
        return kind;
    }

    Probe probe() {
        return probe;
    }

    Latencies latencies() {
        return latencies;
    }

    Map<Outcome, LongAdder> counts() {
        return counts;
    }

    ProbeSubject subject() {
        return subject;
    }

    /** Begins after the initial delay, plus the jitter. */
    synchronized void start(Duration jitter) {
        Instant due =
                subject.startedAt()
                        .plusSeconds(Objects.requireNonNullElse(probe.getInitialDelaySeconds(), 0));
        Duration wait = Duration.between(clock.instant(), due);
        schedule(wait.isNegative() ? jitter : wait.plus(jitter));
    }

    /** Probes now rather than at the end of the period: a container just became started. */
    synchronized void hasten() {
        if (!stopped && running == null && next != null && next.cancel(false)) {
            Instant due =
                    subject.startedAt()
                            .plusSeconds(
                                    Objects.requireNonNullElse(probe.getInitialDelaySeconds(), 0));
            Duration wait = Duration.between(clock.instant(), due);
            schedule(wait.isNegative() ? Duration.ZERO : wait);
        }
    }

    synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
        Thread thread = running;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private synchronized void schedule(Duration wait) {
        if (!stopped) {
            next = timer.schedule(this::launch, wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void launch() {
        if (!stopped) {
            running = Thread.ofVirtual().name("probe-" + kind.word()).start(this::tick);
        }
    }

    private void tick() {
        try {
            if (kind == ProbeKind.STARTUP || started.getAsBoolean()) {
                probeOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                running = null;
                if (wantsMore()) {
                    schedule(period());
                }
            }
        }
    }

    /**
     * A startup probe ends with success; a failed liveness or startup probe waits for the next
     * container.
     */
    private boolean wantsMore() {
        return !stopped
                && switch (kind) {
                    case STARTUP -> tally.standing() == Tally.Standing.UNKNOWN;
                    case LIVENESS -> tally.standing() != Tally.Standing.FAILURE;
                    case READINESS -> true;
                };
    }

    private void probeOnce() throws InterruptedException {
        ProbeTarget target =
                new ProbeTarget(
                        subject.containerId(),
                        subject.sandboxId(),
                        subject.podIp(),
                        subject.spec());
        long begun = System.nanoTime();
        ProbeResult result = transport.probe(probe, target);
        for (int again = 1; again < ATTEMPTS && result instanceof ProbeResult.Errored; again++) {
            result = transport.probe(probe, target);
        }
        if (stopped) {
            return;
        }
        if (!(result instanceof ProbeResult.Errored)) {
            latencies.add(System.nanoTime() - begun);
        }
        switch (result) {
            case ProbeResult.Success _ -> took(true);
            case ProbeResult.Warning(String output) -> {
                tell("ProbeWarning", kind.word() + " probe warning: " + output);
                took(true);
            }
            case ProbeResult.Failure(String output) -> {
                tell("Unhealthy", kind.word() + " probe failed: " + output);
                took(false);
            }
            case ProbeResult.Errored(String message) -> {
                count(Outcome.UNKNOWN);
                tell(
                        "Unhealthy",
                        kind.word() + " probe errored and resulted in unknown state: " + message);
            }
        }
    }

    private void took(boolean success) {
        count(success ? Outcome.SUCCESSFUL : Outcome.FAILED);
        Tally before = tally;
        tally =
                before.next(
                        success,
                        Objects.requireNonNullElse(probe.getSuccessThreshold(), 1),
                        Objects.requireNonNullElse(probe.getFailureThreshold(), 3));
        if (tally.standing() != before.standing()) {
            listener.probed(key, subject.container());
        }
    }

    private void tell(String reason, String message) {
        listener.unhealthy(key, subject.container(), reason, message);
    }

    private void count(Outcome outcome) {
        counts.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
    }

    private Duration period() {
        return Duration.ofSeconds(
                Math.max(1, Objects.requireNonNullElse(probe.getPeriodSeconds(), 10)));
    }
}
