package dev.burstlet.engine.probe;

import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * All probes of a host. Told which containers run; answers at any time what their probes say. Safe
 * for use by many threads.
 *
 * <p>Rules from the Kubernetes documentation ("Configure Liveness, Readiness and Startup Probes"):
 * liveness and readiness wait for the startup probe; readiness begins as failed, liveness as
 * successful; a failed liveness or startup probe rests until the container is replaced. Probes of
 * containers that ran before this process started are spread over their period.
 */
public final class ProbeSupervisor implements AutoCloseable {
    private final Map<PodKey, Map<String, ProbedContainer>> pods = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final Instant createdAt;
    private final ScheduledExecutorService timer;
    private final ProbeWorker.Tools tools;

    public ProbeSupervisor(ProbeTransport transport, InstantSource clock, ProbeListener listener) {
        this.clock = clock;
        this.createdAt = clock.instant();
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("probe-timer").factory());
        this.tools = new ProbeWorker.Tools(transport, clock, timer, new Hastening(listener));
    }

    /** Replaces the pod's running containers: new ones are probed from now on, others no longer. */
    public void sync(PodKey key, List<ProbeSubject> subjects) {
        pods.compute(
                key,
                (_, before) -> {
                    Map<String, ProbedContainer> old = Objects.requireNonNullElse(before, Map.of());
                    Map<String, ProbedContainer> now = new HashMap<>();
                    for (ProbeSubject subject : subjects) {
                        @Nullable ProbedContainer same = old.get(subject.container());
                        now.put(
                                subject.container(),
                                same != null && same.serves(subject) ? same : begin(key, subject));
                    }
                    old.forEach((name, container) -> {
                        if (now.get(name) != container) {
                            container.stop();
                        }
                    });
                    return now.isEmpty() ? null : now;
                });
    }

    /** Of the instance with this id; one that is not probed counts as just started. */
    public ProbeVerdict verdict(PodKey key, String container, String containerId) {
        @Nullable ProbedContainer probed = pods.getOrDefault(key, Map.of()).get(container);
        return probed != null && probed.containerId().equals(containerId)
                ? probed.verdict()
                : new ProbeVerdict(false, false, null, null);
    }

    /** The pod is being ended: readiness goes on, the others must not kill what is dying. */
    public void terminating(PodKey key) {
        for (ProbedContainer container : pods.getOrDefault(key, Map.of()).values()) {
            container.stop(ProbeKind.LIVENESS);
            container.stop(ProbeKind.STARTUP);
        }
    }

    /** Ends all probes of the pod. */
    public void remove(PodKey key) {
        sync(key, List.of());
    }

    /** The counts of all containers that are probed now. */
    public List<ProbeCount> counts() {
        List<ProbeCount> counts = new ArrayList<>();
        pods.forEach((key, containers) ->
                containers.forEach((name, container) ->
                        container
                                .workers()
                                .forEach(worker ->
                                        worker.counts()
                                                .forEach((outcome, count) ->
                                                        counts.add(
                                                                new ProbeCount(
                                                                        key,
                                                                        name,
                                                                        worker.kind(),
                                                                        outcome.name()
                                                                                .toLowerCase(
                                                                                        Locale
                                                                                                .ROOT),
                                                                        count.sum()))))));
        return counts;
    }

    /** How long the answers took, of all containers that are probed now. */
    public List<ProbeLatency> latencies() {
        List<Double> bounds = Arrays.stream(Latencies.BOUNDS).boxed().toList();
        List<ProbeLatency> all = new ArrayList<>();
        pods.forEach((key, containers) ->
                containers.forEach((name, container) ->
                        container
                                .workers()
                                .forEach(worker ->
                                        all.add(
                                                new ProbeLatency(
                                                        key,
                                                        name,
                                                        worker.kind(),
                                                        bounds,
                                                        Arrays.stream(worker.latencies().counts())
                                                                .boxed()
                                                                .toList(),
                                                        worker.latencies().seconds())))));
        return all;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        List.copyOf(pods.keySet()).forEach(this::remove);
    }

    private ProbedContainer begin(PodKey key, ProbeSubject subject) {
        ProbedContainer container = new ProbedContainer(key, subject, tools);
        container.start(this::jitter);
        return container;
    }

    /** Only right after our own start, when many containers are met at once. */
    private Duration jitter(Probe probe) {
        Duration period =
                Duration.ofSeconds(Objects.requireNonNullElse(probe.getPeriodSeconds(), 10));
        boolean young = Duration.between(createdAt, clock.instant()).compareTo(period) < 0;
        return young
                ? Duration.ofMillis(
                        ThreadLocalRandom.current().nextLong(Math.max(1, period.toMillis())))
                : Duration.ZERO;
    }

    /** Passes results on, and lets the other probes begin at once when a startup probe succeeds. */
    private final class Hastening implements ProbeListener {
        private final ProbeListener listener;

        Hastening(ProbeListener listener) {
            this.listener = listener;
        }

        @Override
        public void probed(PodKey key, String container) {
            @Nullable ProbedContainer probed = pods.getOrDefault(key, Map.of()).get(container);
            if (probed != null && probed.started()) {
                probed.startedNow();
            }
            listener.probed(key, container);
        }

        @Override
        public void unhealthy(PodKey key, String container, String reason, String message) {
            listener.unhealthy(key, container, reason, message);
        }
    }
}
