package dev.burstlet.hyper.remote;

import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.engine.agent.AgentProtocol;
import dev.burstlet.engine.probe.ProbeCount;
import dev.burstlet.engine.probe.ProbeLatency;
import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.hyper.wire.Bundles;
import dev.burstlet.hyper.wire.Failures;
import dev.burstlet.hyper.wire.Probes;
import dev.burstlet.hyper.wire.Reports;
import dev.burstlet.hyper.wire.Statistics;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodListener;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodStreams;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of a node on an agent's host. Wishes are kept here and told to the agent when it is
 * there; what the agent tells comes by its watches. Safe for use by many threads.
 */
public final class RemotePods implements AgentProtocol.Remote {
    private static final Logger LOG = LoggerFactory.getLogger(RemotePods.class);

    private final AgentChannel channel;
    private final AgentLink link;
    private final Wishes wishes = new Wishes(new Calls());
    private final AtomicLong order;

    /** Does not wait for the agent to answer. */
    public RemotePods(
            AgentEndpoint endpoint,
            PodEngineSettings settings,
            String release,
            InstantSource clock) {
        long start = clock.millis() * 1000;
        this.order = new AtomicLong(start);
        this.channel = new AgentChannel(endpoint);
        this.link = new AgentLink(channel, new Opening(settings, start, release), wishes, clock);
    }

    /** Asks an agent what it is, without claiming it. */
    public static AgentProtocol.About about(AgentEndpoint endpoint) {
        try (AgentChannel channel = new AgentChannel(endpoint)) {
            V1.AboutResponse about = channel.calls().about(V1.AboutRequest.getDefaultInstance());
            return new AgentProtocol.About(
                    about.getRelease(),
                    about.getBound(),
                    about.getYours(),
                    Reports.time(about.getTime()));
        } catch (StatusException e) {
            throw Failures.read(endpoint.host() + ":" + endpoint.port(), e);
        }
    }

    @Override
    public void listen(PodListener listener) {
        link.listen(listener);
    }

    @Override
    public void createPod(PodBundle bundle) {
        wishes.want(bundle);
    }

    @Override
    public void updatePod(PodBundle bundle) {
        wishes.want(bundle);
    }

    @Override
    public void deletePod(PodKey key, Deletion deletion) {
        wishes.unwant(key, deletion);
    }

    @Override
    public Optional<HostedPod> getPod(PodKey key) {
        try {
            return Optional.of(Reports.hosted(channel.calls().getPod(named(key))));
        } catch (StatusException e) {
            return absent(Failures.read(channel.host(), e));
        }
    }

    @Override
    public Optional<PodReport> getPodStatus(PodKey key) {
        try {
            return Optional.of(Reports.report(channel.calls().getPodStatus(named(key))));
        } catch (StatusException e) {
            return absent(Failures.read(channel.host(), e));
        }
    }

    @Override
    public void failPod(PodKey key, Failure failure) {
        try {
            var _ =
                    channel.calls()
                            .failPod(
                                    V1.FailPodRequest.newBuilder()
                                            .setSession(link.session())
                                            .setKey(Bundles.key(key))
                                            .setOrder(order.incrementAndGet())
                                            .setReason(failure.reason())
                                            .setMessage(failure.message())
                                            .setDisruption(failure.disruption())
                                            .build());
        } catch (StatusException e) {
            throw Failures.read(channel.host(), e);
        }
    }

    private V1.GetPodRequest named(PodKey key) {
        return V1.GetPodRequest.newBuilder()
                .setSession(link.session())
                .setKey(Bundles.key(key))
                .build();
    }

    private static <T> Optional<T> absent(BackendException e) {
        if (e.reason() == BackendException.Reason.NOT_FOUND) {
            return Optional.empty();
        }
        throw e;
    }

    @Override
    public List<HostedPod> getPods() {
        return ask(false, Reports::hosted);
    }

    @Override
    public List<PodReport> getReports() {
        return ask(true, hosted -> Reports.report(hosted.getReport()));
    }

    private <T> List<T> ask(boolean reportsOnly, Function<V1.HostedPod, T> reading) {
        if (!link.isOpen()) {
            throw new BackendException(
                    BackendException.Reason.UNAVAILABLE, link.description().health().cause());
        }
        var request =
                V1.GetPodsRequest.newBuilder()
                        .setSession(link.session())
                        .setReportsOnly(reportsOnly)
                        .build();
        List<T> all = new ArrayList<>();
        try {
            var call = channel.calls().getPods(request);
            V1.HostedPod next;
            while ((next = call.read()) != null) {
                all.add(reading.apply(next));
            }
            return all;
        } catch (StatusException e) {
            throw Failures.read(channel.host(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException(BackendException.Reason.UNAVAILABLE, "interrupted", e);
        }
    }

    @Override
    public HostDescription describeHost() {
        return link.description();
    }

    @Override
    public PodStreams streams() {
        return new RemoteStreams(channel, link);
    }

    @Override
    public HostStats stats() {
        var request = V1.StatsRequest.newBuilder().setSession(link.session()).build();
        try {
            return Statistics.stats(channel.calls().stats(request));
        } catch (StatusException e) {
            throw Failures.read(channel.host(), e);
        }
    }

    @Override
    public List<ProbeCount> probeCounts() {
        return Probes.counts(probes());
    }

    @Override
    public List<ProbeLatency> probeLatencies() {
        return Probes.latencies(probes());
    }

    private V1.ProbeCountsResponse probes() {
        var request = V1.ProbeCountsRequest.newBuilder().setSession(link.session()).build();
        try {
            return channel.calls().probeCounts(request);
        } catch (StatusException e) {
            throw Failures.read(channel.host(), e);
        }
    }

    @Override
    public String metrics() {
        var request = V1.MetricsRequest.newBuilder().setSession(link.session()).build();
        try {
            return channel.calls().metrics(request).getText();
        } catch (StatusException e) {
            if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                return "";
            }
            throw Failures.read(channel.host(), e);
        }
    }

    /** The agent goes on with its pods. */
    @Override
    public void close() {
        link.close();
        channel.close();
    }

    /** The calls that tell a wish. What did not arrive for certain is told again. */
    private final class Calls implements Wishes.Delivery {
        @Override
        public boolean wanted(PodBundle bundle) {
            return told(
                    bundle.key(),
                    () ->
                            channel.calls()
                                    .updatePod(
                                            V1.UpdatePodRequest.newBuilder()
                                                    .setSession(link.session())
                                                    .setKey(Bundles.key(bundle.key()))
                                                    .setOrder(order.incrementAndGet())
                                                    .setBundle(Bundles.bundle(bundle))
                                                    .build()));
        }

        @Override
        public boolean unwanted(PodKey key, Deletion deletion) {
            return told(
                    key,
                    () ->
                            channel.calls()
                                    .deletePod(
                                            V1.DeletePodRequest.newBuilder()
                                                    .setSession(link.session())
                                                    .setKey(Bundles.key(key))
                                                    .setOrder(order.incrementAndGet())
                                                    .setGracePeriodSeconds(
                                                            deletion.gracePeriodSeconds())
                                                    .setReason(deletion.reason())
                                                    .setKeep(deletion.keep())
                                                    .build()));
        }

        private boolean told(PodKey key, Call call) {
            if (!link.isOpen()) {
                return false;
            }
            try {
                var _ = call.call();
                return true;
            } catch (StatusException e) {
                if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
                    throw Failures.read(channel.host(), e);
                }
                LOG.debug("{} is to be told again: {}", key, Failures.words(e.getStatus()));
                return false;
            }
        }
    }

    @FunctionalInterface
    private interface Call {
        Object call() throws StatusException;
    }
}
