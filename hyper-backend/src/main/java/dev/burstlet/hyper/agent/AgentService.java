package dev.burstlet.hyper.agent;

import dev.burstlet.engine.PodEngine;
import dev.burstlet.hyper.proto.agent.PodLifecycleGrpc;
import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.hyper.wire.Bundles;
import dev.burstlet.hyper.wire.Failures;
import dev.burstlet.hyper.wire.Hosts;
import dev.burstlet.hyper.wire.Probes;
import dev.burstlet.hyper.wire.Reports;
import dev.burstlet.hyper.wire.Statistics;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.pod.HostedPod;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodLifecycle.Failure;
import dev.burstlet.pod.PodReport;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The calls of burstlet.v1, each checked against the agent's owner. */
final class AgentService extends PodLifecycleGrpc.PodLifecycleImplBase {
    private final Tenancy tenancy;
    private final String release;

    AgentService(Tenancy tenancy, String release) {
        this.tenancy = tenancy;
        this.release = release;
    }

    @Override
    public void about(V1.AboutRequest request, StreamObserver<V1.AboutResponse> to) {
        answer(to, () -> tenancy.about(Caller.subject()).setRelease(release).build());
    }

    @Override
    public void open(V1.OpenRequest request, StreamObserver<V1.OpenResponse> to) {
        answer(
                to,
                () ->
                        V1.OpenResponse.newBuilder()
                                .setIncarnation(tenancy.open(request, Caller.subject()))
                                .setRelease(release)
                                .build());
    }

    @Override
    public void createPod(V1.CreatePodRequest request, StreamObserver<V1.CreatePodResponse> to) {
        answer(
                to,
                () -> {
                    wanted(
                            request.getSession(),
                            request.getKey(),
                            request.getOrder(),
                            request.getBundle());
                    return V1.CreatePodResponse.getDefaultInstance();
                });
    }

    @Override
    public void updatePod(V1.UpdatePodRequest request, StreamObserver<V1.UpdatePodResponse> to) {
        answer(
                to,
                () -> {
                    wanted(
                            request.getSession(),
                            request.getKey(),
                            request.getOrder(),
                            request.getBundle());
                    return V1.UpdatePodResponse.getDefaultInstance();
                });
    }

    @Override
    public void deletePod(V1.DeletePodRequest request, StreamObserver<V1.DeletePodResponse> to) {
        answer(
                to,
                () -> {
                    PodEngine pods = pods(request.getSession());
                    PodKey key = Bundles.key(request.getKey());
                    Deletion deletion =
                            new Deletion(
                                    request.getGracePeriodSeconds(),
                                    request.getReason(),
                                    request.getKeep());
                    inOrder(key, request.getOrder(), () -> pods.deletePod(key, deletion));
                    return V1.DeletePodResponse.getDefaultInstance();
                });
    }

    @Override
    public void failPod(V1.FailPodRequest request, StreamObserver<V1.FailPodResponse> to) {
        answer(
                to,
                () -> {
                    PodEngine pods = pods(request.getSession());
                    PodKey key = Bundles.key(request.getKey());
                    Failure failure =
                            new Failure(
                                    request.getReason(),
                                    request.getMessage(),
                                    request.getDisruption());
                    inOrder(key, request.getOrder(), () -> pods.failPod(key, failure));
                    return V1.FailPodResponse.getDefaultInstance();
                });
    }

    private void wanted(V1.Session session, V1.PodKey named, long order, V1.PodBundle sent) {
        PodEngine pods = pods(session);
        PodKey key = Bundles.key(named);
        PodBundle bundle = Bundles.bundle(sent);
        if (!bundle.key().equals(key)) {
            throw new IllegalArgumentException("key: the bundle is of another pod");
        }
        inOrder(key, order, () -> pods.updatePod(bundle));
    }

    private void inOrder(PodKey key, long order, Runnable wish) {
        if (tenancy.orders().pass(key.uid(), order, wish) == OrderGate.Verdict.OVERTAKEN) {
            throw Status.ABORTED
                    .withDescription("a newer call for pod " + key + " came before")
                    .asRuntimeException();
        }
    }

    @Override
    public void getPod(V1.GetPodRequest request, StreamObserver<V1.HostedPod> to) {
        answer(to, () -> Reports.hosted(hosted(request)));
    }

    @Override
    public void getPodStatus(V1.GetPodRequest request, StreamObserver<V1.PodReport> to) {
        answer(to, () -> Reports.report(hosted(request).report()));
    }

    private HostedPod hosted(V1.GetPodRequest request) {
        PodKey key = Bundles.key(request.getKey());
        return pods(request.getSession())
                .getPod(key)
                .orElseThrow(() ->
                        new BackendException(
                                BackendException.Reason.NOT_FOUND,
                                "pod \"" + key.name() + "\" not found"));
    }

    @Override
    public void getPods(V1.GetPodsRequest request, StreamObserver<V1.HostedPod> to) {
        checked(
                to,
                request.getSession(),
                pods ->
                        Duplex.answer(
                                to,
                                call -> {
                                    List<HostedPod> all = pods.getPods();
                                    for (HostedPod one : all) {
                                        call.send(
                                                request.getReportsOnly()
                                                        ? Reports.reported(one)
                                                        : Reports.hosted(one));
                                    }
                                }));
    }

    @Override
    public StreamObserver<V1.WatchStatusRequest> watchStatus(StreamObserver<V1.StatusUpdate> to) {
        String caller = Caller.subject();
        return Duplex.both(to, call -> tellStatus(call, caller));
    }

    private void tellStatus(Duplex<V1.WatchStatusRequest, V1.StatusUpdate> call, String caller)
            throws InterruptedException {
        V1.WatchStatusRequest first = call.take();
        if (first == null) {
            return;
        }
        var _ = tenancy.pods(first.getSession(), caller);
        Thread acknowledgements =
                each(call, next -> tenancy.reports().acknowledge(next.getAcknowledged()));
        try {
            ReportBook.Reader reader = tenancy.reports().read();
            ReportBook.Numbered next;
            while ((next = reader.next()) != null) {
                V1.StatusUpdate.Builder update =
                        V1.StatusUpdate.newBuilder().setSequence(next.number());
                PodReport report = next.report();
                if (report == null) {
                    update.setSynced(V1.Synced.getDefaultInstance());
                } else {
                    update.setReport(Reports.report(report));
                }
                call.send(update.build());
            }
            throw replaced();
        } finally {
            acknowledgements.interrupt();
        }
    }

    @Override
    public StreamObserver<V1.WatchEventsRequest> watchEvents(StreamObserver<V1.EventUpdate> to) {
        String caller = Caller.subject();
        return Duplex.both(to, call -> tellEvents(call, caller));
    }

    private void tellEvents(Duplex<V1.WatchEventsRequest, V1.EventUpdate> call, String caller)
            throws InterruptedException {
        V1.WatchEventsRequest first = call.take();
        if (first == null) {
            return;
        }
        var _ = tenancy.pods(first.getSession(), caller);
        Thread acknowledgements =
                each(call, next -> tenancy.events().acknowledge(next.getAcknowledged()));
        try {
            EventBook.Reader reader = tenancy.events().read();
            EventBook.Numbered next;
            while ((next = reader.next()) != null) {
                call.send(
                        Reports.event(next.event()).toBuilder().setSequence(next.number()).build());
            }
            throw replaced();
        } finally {
            acknowledgements.interrupt();
        }
    }

    private static RuntimeException replaced() {
        return Status.FAILED_PRECONDITION
                .withDescription("another subscription began")
                .asRuntimeException();
    }

    private static <I> Thread each(Duplex<I, ?> call, Consumer<I> taken) {
        return Thread.ofVirtual()
                .name("agent-acknowledgements")
                .start(() -> {
                    try {
                        @Nullable I next;
                        while ((next = call.take()) != null) {
                            taken.accept(next);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    @Override
    public void watchHost(V1.WatchHostRequest request, StreamObserver<V1.HostDescription> to) {
        checked(
                to,
                request.getSession(),
                _ ->
                        Duplex.answer(
                                to,
                                call -> {
                                    HostDescription told = tenancy.host().after(null);
                                    while (true) {
                                        call.send(Hosts.host(told));
                                        told = tenancy.host().after(told);
                                    }
                                }));
    }

    @Override
    public void describeHost(
            V1.DescribeHostRequest request, StreamObserver<V1.HostDescription> to) {
        answer(to, () -> Hosts.host(pods(request.getSession()).describeHost()));
    }

    @Override
    public void stats(V1.StatsRequest request, StreamObserver<V1.HostStats> to) {
        answer(to, () -> Statistics.stats(pods(request.getSession()).stats()));
    }

    @Override
    public void probeCounts(
            V1.ProbeCountsRequest request, StreamObserver<V1.ProbeCountsResponse> to) {
        answer(
                to,
                () -> {
                    PodEngine pods = pods(request.getSession());
                    return Probes.told(pods.probeCounts(), pods.probeLatencies());
                });
    }

    @Override
    public void metrics(V1.MetricsRequest request, StreamObserver<V1.MetricsResponse> to) {
        answer(
                to,
                () -> {
                    var _ = pods(request.getSession());
                    return V1.MetricsResponse.newBuilder().setText(tenancy.metrics()).build();
                });
    }

    @Override
    public void logs(V1.LogsRequest request, StreamObserver<V1.LogChunk> to) {
        checked(
                to,
                request.getSession(),
                pods ->
                        Duplex.answer(
                                to, call -> AgentStreams.logs(pods.streams(), request, call)));
    }

    @Override
    public StreamObserver<V1.ProcessInput> exec(StreamObserver<V1.ProcessOutput> to) {
        String caller = Caller.subject();
        return Duplex.both(to, call -> AgentStreams.exec(call, one -> streams(one, caller)));
    }

    @Override
    public StreamObserver<V1.ProcessInput> attach(StreamObserver<V1.ProcessOutput> to) {
        String caller = Caller.subject();
        return Duplex.both(to, call -> AgentStreams.attach(call, one -> streams(one, caller)));
    }

    @Override
    public StreamObserver<V1.PortInput> portForward(StreamObserver<V1.PortOutput> to) {
        String caller = Caller.subject();
        return Duplex.both(to, call -> AgentStreams.forward(call, one -> streams(one, caller)));
    }

    private dev.burstlet.pod.PodStreams streams(V1.Session session, String caller) {
        return tenancy.pods(session, caller).streams();
    }

    private PodEngine pods(V1.Session session) {
        return tenancy.pods(session, Caller.subject());
    }

    private void checked(StreamObserver<?> to, V1.Session session, Consumer<PodEngine> then) {
        PodEngine pods;
        try {
            pods = pods(session);
        } catch (RuntimeException e) {
            to.onError(Failures.status(e));
            return;
        }
        then.accept(pods);
    }

    private static <O> void answer(StreamObserver<O> to, Callable<O> work) {
        O made;
        try {
            made = work.call();
        } catch (Exception e) {
            to.onError(Failures.status(e));
            return;
        }
        to.onNext(made);
        to.onCompleted();
    }
}
