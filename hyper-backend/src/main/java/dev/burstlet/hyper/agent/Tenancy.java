package dev.burstlet.hyper.agent;

import dev.burstlet.container.ContainerEngine;
import dev.burstlet.container.NetworkSpec;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.PodEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.agent.AgentMeter;
import dev.burstlet.engine.agent.AgentSettings;
import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.hyper.wire.Reports;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.PodEvent;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one owner of an agent, and the pods kept for it. Bound once, kept in a file; pods are kept
 * from the start on, whether the owner is there or not. Safe for use by many threads.
 */
final class Tenancy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tenancy.class);

    private final AgentSettings settings;
    private final ContainerEngine engine;
    private final AgentMeter meter;
    private final InstantSource clock;
    private final UnaryOperator<PodEngineSettings> shaping;
    private final ReportBook reports = new ReportBook();
    private final EventBook events = new EventBook();
    private final HostBoard host = new HostBoard();
    private final OrderGate orders;
    private @Nullable Binding binding;
    private @Nullable PodEngine pods;
    private String incarnation = "";
    private long session;

    /**
     * Keeps the pods of the owner that the agent was bound to, if there is one.
     *
     * @param shaping changes how pods are run from what is usual
     */
    Tenancy(
            AgentSettings settings,
            ContainerEngine engine,
            AgentMeter meter,
            InstantSource clock,
            UnaryOperator<PodEngineSettings> shaping)
            throws IOException {
        this.shaping = shaping;
        this.meter = meter;
        this.settings = settings;
        this.engine = engine;
        this.clock = clock;
        this.orders = new OrderGate(clock);
        Binding kept = Binding.read(settings.state()).orElse(null);
        if (kept != null) {
            Owner wanted = settings.owner();
            if (wanted != null && !wanted.equals(kept.owner())) {
                throw new IOException(
                        "this agent keeps the pods of node "
                                + kept.node()
                                + " of cluster "
                                + kept.cluster()
                                + ", see "
                                + settings.state());
            }
            keep(kept);
        }
    }

    ReportBook reports() {
        return reports;
    }

    EventBook events() {
        return events;
    }

    HostBoard host() {
        return host;
    }

    /** What is measured of the work, in the Prometheus text format. */
    String metrics() {
        return meter.text();
    }

    OrderGate orders() {
        return orders;
    }

    /** Whose it is, in words. */
    synchronized String words() {
        Binding bound = binding;
        return bound == null ? "nobody yet" : "node " + bound.node() + " (" + bound.client() + ")";
    }

    /** What anyone with a certificate may know. */
    synchronized V1.AboutResponse.Builder about(String client) {
        Binding bound = binding;
        return V1.AboutResponse.newBuilder()
                .setBound(bound != null)
                .setYours(bound != null && bound.client().equals(client))
                .setTime(Reports.time(clock.instant()));
    }

    /**
     * Binds the agent, or goes on for the one that it is bound to.
     *
     * @param client the subject of the caller's certificate
     * @return the incarnation
     */
    synchronized String open(V1.OpenRequest request, String client) {
        Owner owner = owner(request.getOwner());
        authorize(owner, client);
        if (request.getSession() < session) {
            throw superseded();
        }
        Binding wanted = Binding.of(owner, client, request.getSettings());
        if (!wanted.equals(binding)) {
            bind(wanted);
        }
        if (session != request.getSession()) {
            session = request.getSession();
            LOG.info("{}, release {}, has this agent", words(), request.getRelease());
        }
        return incarnation;
    }

    /** The pods, for a caller that may have them. */
    synchronized PodEngine pods(V1.Session caller, String client) {
        authorize(owner(caller.getOwner()), client);
        PodEngine kept = pods;
        if (kept == null || caller.getNumber() > session) {
            throw Status.FAILED_PRECONDITION
                    .withDescription("Open has to be called first")
                    .asRuntimeException();
        }
        if (caller.getNumber() < session) {
            throw superseded();
        }
        return kept;
    }

    private static RuntimeException superseded() {
        return Status.FAILED_PRECONDITION
                .withDescription("another control process has this agent now")
                .asRuntimeException();
    }

    private static Owner owner(V1.Owner owner) {
        if (owner.getCluster().isEmpty() || owner.getNode().isEmpty()) {
            throw new IllegalArgumentException("owner: cluster and node are needed");
        }
        return new Owner(owner.getCluster(), owner.getNode());
    }

    private void authorize(Owner owner, String client) {
        Binding bound = binding;
        Owner mine = bound == null ? settings.owner() : bound.owner();
        String subject =
                settings.client() != null
                        ? settings.client()
                        : bound == null ? null : bound.client();
        if ((mine != null && !mine.equals(owner)) || (subject != null && !subject.equals(client))) {
            LOG.warn("{} is refused: asked for node {}, {} has it", client, owner.node(), words());
            throw Status.PERMISSION_DENIED
                    .withDescription("this agent is another owner's")
                    .asRuntimeException();
        }
    }

    private void bind(Binding wanted) {
        try {
            wanted.write(settings.state());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keep(wanted);
    }

    private void keep(Binding next) {
        PodEngine before = pods;
        if (before != null) {
            before.close();
        }
        reports.begin();
        PodEngineSettings kept =
                new PodEngineSettings(next.owner())
                        .withTranslation(next.translation())
                        .withEviction(next.eviction())
                        .withNetwork(new NetworkSpec(next.owner(), settings.podSubnet(), null));
        PodEngine started = new PodEngine(engine, shaping.apply(kept), clock);
        started.measuredBy(meter.pods());
        binding = next;
        pods = started;
        incarnation = UUID.randomUUID().toString();
        host.write(started.describeHost());
        started.listen(new Writer());
    }

    /** Leaves the pods running. */
    @Override
    public synchronized void close() {
        if (pods != null) {
            pods.close();
        }
    }

    private final class Writer implements PodListener {
        @Override
        public void podReported(PodReport report) {
            reports.write(report);
        }

        @Override
        public void podEvent(PodEvent event) {
            events.write(event);
        }

        @Override
        public void hostChanged(HostDescription description) {
            host.write(description);
        }
    }
}
