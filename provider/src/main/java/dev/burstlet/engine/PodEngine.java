package dev.burstlet.engine;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.EngineEvent;
import dev.burstlet.container.EngineInfo;
import dev.burstlet.engine.execute.Executor;
import dev.burstlet.engine.hook.HookRunner;
import dev.burstlet.engine.image.ImageCollector;
import dev.burstlet.engine.image.ImageSupply;
import dev.burstlet.engine.observe.HostWatch;
import dev.burstlet.engine.observe.Observer;
import dev.burstlet.engine.plan.BackOffRules;
import dev.burstlet.engine.probe.ProbeCount;
import dev.burstlet.engine.probe.ProbeLatency;
import dev.burstlet.engine.probe.ProbeListener;
import dev.burstlet.engine.probe.ProbeSupervisor;
import dev.burstlet.engine.probe.ProbeTransport;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodStreams;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of one node on one container engine, with a kubelet's semantics. Every pod has a worker;
 * the engine's events, a list of the whole engine at intervals and the calls of the contract wake
 * it.
 */
public final class PodEngine implements PodLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(PodEngine.class);

    private final ContainerEngine engine;
    private final PodEngineSettings settings;
    private final Shared shared;
    private final Workers workers;
    private final EnginePulse pulse;
    private final StorageOfPods storage;
    private volatile @Nullable PodListener listener;
    private volatile @Nullable AutoCloseable events;
    private volatile EngineMeter meter = EngineMeter.NONE;
    private volatile boolean closed;

    /** Does not wait for the engine to answer. */
    public PodEngine(ContainerEngine engine, PodEngineSettings settings, InstantSource clock) {
        this.engine = engine;
        this.settings = settings;
        this.shared = new Shared(clock);
        this.workers = new Workers(shared);
        ImageCollector collector =
                new ImageCollector(
                        engine, settings.owner(), shared.images, clock, settings.images());
        this.storage = new StorageOfPods(engine, settings.owner(), shared.translators, clock);
        StorageWatch limits = new StorageWatch(engine, settings.owner(), workers::all);
        EvictionWatch eviction =
                new EvictionWatch(
                        engine, settings, shared.host, clock, collector::collectAll, workers::all);
        this.pulse =
                new EnginePulse(
                        shared.host,
                        this::sweep,
                        collector::collect,
                        limits::begin,
                        eviction::begin,
                        settings);
    }

    /** Has what it does measured, from now on. */
    public void measuredBy(EngineMeter next) {
        meter = next;
    }

    @Override
    public synchronized void listen(PodListener next) {
        boolean first = listener == null;
        listener = next;
        if (!first) {
            workers.postToAll(new Letter.Repeat());
            return;
        }
        events = engine.events(this::engineEvent);
        shared.host.refresh();
        sweep();
        pulse.start();
    }

    @Override
    public void createPod(PodBundle bundle) {
        meter.accepted(bundle.pod());
        updatePod(bundle);
    }

    @Override
    public void updatePod(PodBundle bundle) {
        workers.of(bundle.key()).post(new Letter.Bundled(bundle));
    }

    @Override
    public void deletePod(PodKey key, Deletion deletion) {
        workers.of(key).post(new Letter.Deleted(deletion));
    }

    @Override
    public void failPod(PodKey key, Failure failure) {
        workers.post(
                key.uid(),
                new Letter.Failed(failure.reason(), failure.message(), failure.disruption(), null));
    }

    @Override
    public Optional<HostedPod> getPod(PodKey key) {
        PodWorker worker = workers.get(key.uid());
        return worker == null ? Optional.empty() : Optional.ofNullable(worker.told());
    }

    @Override
    public List<HostedPod> getPods() {
        if (!workers.adopted()) {
            adopt();
        }
        return workers.all().stream().flatMap(worker -> Stream.ofNullable(worker.told())).toList();
    }

    @Override
    public HostDescription describeHost() {
        return shared.host.description();
    }

    @Override
    public PodStreams streams() {
        return new EngineStreams(engine, this::view);
    }

    @Override
    public HostStats stats() {
        storage.refresh(workers.all());
        return StatsOfPods.of(engine.stats(settings.owner()), workers.all(), storage);
    }

    @Override
    public void close() {
        closed = true;
        pulse.close();
        workers.close();
        shared.probes.close();
        try {
            if (events != null) {
                events.close();
            }
        } catch (Exception e) {
            LOG.warn("the engine's events cannot be closed", e);
        }
    }

    /** How often each probe of the running containers ended how. */
    public List<ProbeCount> probeCounts() {
        return shared.probes.counts();
    }

    /** How long their answers took. */
    public List<ProbeLatency> probeLatencies() {
        return shared.probes.latencies();
    }

    private PodWorker.View view(PodKey key) {
        PodWorker worker = workers.get(key.uid());
        if (worker == null) {
            throw new BackendException(
                    BackendException.Reason.NOT_FOUND,
                    "pod \"%s\" not found".formatted(key.name()));
        }
        return worker.view();
    }

    private void engineEvent(EngineEvent event) {
        switch (event) {
            case EngineEvent.PodChanged changed ->
                    workers.post(changed.podUid(), new Letter.EngineChanged());
            case EngineEvent.Connected() -> pulse.beat();
            case EngineEvent.Disconnected disconnected -> shared.host.away(disconnected.cause());
        }
    }

    /** Lists the whole engine; what differs is looked at, what is not known is adopted. */
    private void sweep() {
        try {
            adopt();
        } catch (BackendException e) {
            if (closed) {
                return;
            }
            LOG.warn("the pods on the engine cannot be listed: {}", e.getMessage());
        }
    }

    private synchronized void adopt() {
        if (settings.network() != null && !workers.adopted()) {
            engine.ensureNetwork(settings.network());
        }
        workers.adopt(shared.observer::observeAll);
    }

    /** What the workers share. */
    private final class Shared implements Pods, ProbeListener {
        private final InstantSource clock;
        private final HostWatch host;
        private final Observer observer;
        private final Executor executor;
        private final ImageSupply images;
        private final Translators translators;
        private final Allocations allocations = new Allocations(this::ring);
        private final ProbeSupervisor probes;

        Shared(InstantSource clock) {
            this.clock = clock;
            this.host = new HostWatch(engine, clock, this::hostChanged);
            this.observer = new Observer(engine, settings.owner());
            ProbeTransport transport = new ProbeTransport(engine, this::routed);
            this.probes = new ProbeSupervisor(transport, clock, this);
            this.images =
                    new ImageSupply(
                            engine,
                            clock,
                            settings.maxParallelPulls(),
                            settings.pullProgressDeadline());
            this.translators = new Translators(host, settings, engine::hostDns);
            this.executor =
                    new Executor(
                            engine,
                            settings.owner(),
                            translators,
                            images,
                            new HookRunner(engine, transport),
                            () -> workers.running());
        }

        private boolean routed() {
            try {
                return host.knownInfo().features().contains(EngineInfo.Feature.POD_NETWORK_ROUTED);
            } catch (BackendException e) {
                // Relaying works everywhere, only slower.
                return false;
            }
        }

        private void hostChanged(HostDescription description) {
            @Nullable PodListener told = listener;
            if (told != null) {
                told.hostChanged(description);
            }
        }

        @Override
        public Executor executor() {
            return executor;
        }

        @Override
        public Observer observer() {
            return observer;
        }

        @Override
        public ProbeSupervisor probes() {
            return probes;
        }

        @Override
        public HostWatch host() {
            return host;
        }

        @Override
        public Allocations allocations() {
            return allocations;
        }

        private void ring(String uid) {
            workers.post(uid, new Letter.Rung());
        }

        @Override
        public InstantSource clock() {
            return clock;
        }

        @Override
        public BackOffRules rules() {
            return settings.rules();
        }

        @Override
        public void report(PodReport report) {
            meter.reported(report);
            @Nullable PodListener told = listener;
            if (told != null && !closed) {
                told.podReported(report);
            }
        }

        @Override
        public void event(PodEvent event) {
            meter.happened(event);
            @Nullable PodListener told = listener;
            if (told != null && !closed) {
                told.podEvent(event);
            }
        }

        @Override
        public LogContext log() {
            return new LogContext(settings.owner().node(), settings.host());
        }

        @Override
        public EngineMeter meter() {
            return meter;
        }

        @Override
        public Translators translators() {
            return translators;
        }

        @Override
        public void removed(PodKey key) {
            images.forget(key.uid());
            allocations.release(key.uid());
            workers.remove(key.uid());
        }

        @Override
        public void probed(PodKey key, String container) {
            ring(key.uid());
        }

        @Override
        public void unhealthy(PodKey key, String container, String reason, String message) {
            PodWorker worker = workers.get(key.uid());
            String path = worker == null ? null : worker.fieldPath(container);
            event(new PodEvent(key, PodEvent.Type.WARNING, reason, message, path, clock.instant()));
        }
    }
}
