package dev.burstlet.hyper.agent;

import static dev.burstlet.engine.TestPods.bundle;
import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.burstlet.container.Filter;
import dev.burstlet.container.TestIo;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.RecordingListener;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.hyper.proto.agent.PodLifecycleGrpc;
import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.hyper.remote.RemotePods;
import dev.burstlet.hyper.tls.PemIdentity;
import dev.burstlet.hyper.wire.Bundles;
import dev.burstlet.hyper.wire.Reports;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sides of which one is newer: messages with more fields than are known, calls that are not there.
 */
class AgentSkewTest {
    @TempDir static Path certificates;
    @TempDir Path state;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void anAgentDoesWhatANewerControlSideWantsAsFarAsItKnows() throws Exception {
        AgentBench bench = kept(new AgentBench(new TestCertificates(certificates), state));
        PemIdentity identity =
                kept(new PemIdentity(new TestCertificates(certificates).node("node-1"), true));
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", bench.port(), identity.ofClient())
                        .build();
        open.add(channel::shutdownNow);
        var stub = PodLifecycleGrpc.newBlockingV2Stub(channel);
        V1.Session session =
                newer(
                        V1.Session.newBuilder()
                                .setOwner(
                                        newer(
                                                V1.Owner.newBuilder()
                                                        .setCluster("cluster-1")
                                                        .setNode("node-1")
                                                        .build()))
                                .setNumber(Long.MAX_VALUE)
                                .build());
        Pod pod = pod("newer", "Always", container("main", "sleep 1000"));

        V1.OpenResponse opened =
                stub.open(
                        newer(
                                V1.OpenRequest.newBuilder()
                                        .setOwner(session.getOwner())
                                        .setSession(session.getNumber())
                                        .setRelease("99.0.0")
                                        .setSettings(newer(V1.NodeSettings.getDefaultInstance()))
                                        .build()));
        var _ =
                stub.createPod(
                        newer(
                                V1.CreatePodRequest.newBuilder()
                                        .setSession(session)
                                        .setKey(newer(Bundles.key(PodKey.of(pod))))
                                        .setOrder(1)
                                        .setBundle(newer(Bundles.bundle(bundle(pod))))
                                        .build()));

        assertThat(opened.getIncarnation()).isNotEmpty();
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        bench.engine().listContainers(Filter.all(AgentBench.OWNER)).size() == 1);
    }

    @Test
    void aControlSideTakesWhatItKnowsFromANewerAgent() throws Exception {
        OtherAgent agent = new OtherAgent();
        RemotePods pods = connected(agent);
        RecordingListener listener = new RecordingListener();
        pods.listen(listener);
        listener.awaitHost("reachable", now -> now.health().reachable());
        Pod pod = pod("told", "Always", container("main", "sleep 1000"));

        pods.createPod(bundle(pod));

        PodReport report = listener.await(PodKey.of(pod), "told", _ -> true);
        assertThat(report.status().getPhase()).isEqualTo("Running");
        assertThat(pods.describeHost().health().reachable()).isTrue();
    }

    @Test
    void aCallThatAnOlderAgentLacksFailsAloneAndSaysWhy() throws Exception {
        RemotePods pods = connected(new OtherAgent());
        RecordingListener listener = new RecordingListener();
        pods.listen(listener);
        listener.awaitHost("reachable", now -> now.health().reachable());
        PodKey key = PodKey.of(pod("any", "Always", container("main", "sleep 1000")));

        for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call :
                List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                        pods::stats,
                        pods::probeCounts,
                        () -> pods.streams().exec(key, "main", List.of("ls"), TestIo.silent()))) {
            assertThatThrownBy(call)
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("of another release, without this call")
                    .extracting(e -> ((BackendException) e).reason())
                    .isEqualTo(Reason.UNSUPPORTED);
        }

        assertThat(pods.describeHost().health().reachable()).isTrue();
    }

    private RemotePods connected(OtherAgent agent) throws IOException {
        TestCertificates issued = new TestCertificates(certificates);
        PemIdentity identity = kept(new PemIdentity(issued.agent("host"), false));
        Server server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                identity.ofServer())
                        .addService(agent)
                        .build()
                        .start();
        open.add(server::shutdownNow);
        return kept(
                new RemotePods(
                        new AgentEndpoint(
                                "127.0.0.1",
                                server.getPort(),
                                issued.node("node-1"),
                                null,
                                Duration.ofSeconds(30)),
                        new PodEngineSettings(AgentBench.OWNER),
                        "test",
                        InstantSource.system()));
    }

    private <T extends AutoCloseable> T kept(T one) {
        open.add(one);
        return one;
    }

    /** With a field that nobody knows. */
    @SuppressWarnings("unchecked")
    private static <T extends Message> T newer(T message) {
        UnknownFieldSet unknown =
                UnknownFieldSet.newBuilder()
                        .addField(
                                9999,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("later"))
                                        .build())
                        .build();
        return (T) message.toBuilder().setUnknownFields(unknown).build();
    }

    /**
     * An agent in another's words: newer, for its messages have more fields and it tells updates of
     * a kind of its own; older, for it has only some of the calls.
     */
    private static final class OtherAgent extends PodLifecycleGrpc.PodLifecycleImplBase {
        private final BlockingQueue<V1.PodKey> wanted = new LinkedBlockingQueue<>();

        @Override
        public void open(V1.OpenRequest request, StreamObserver<V1.OpenResponse> to) {
            to.onNext(
                    newer(
                            V1.OpenResponse.newBuilder()
                                    .setIncarnation("one")
                                    .setRelease("99.0.0")
                                    .build()));
            to.onCompleted();
        }

        @Override
        public void updatePod(
                V1.UpdatePodRequest request, StreamObserver<V1.UpdatePodResponse> to) {
            wanted.add(request.getKey());
            to.onNext(newer(V1.UpdatePodResponse.getDefaultInstance()));
            to.onCompleted();
        }

        @Override
        public StreamObserver<V1.WatchStatusRequest> watchStatus(
                StreamObserver<V1.StatusUpdate> to) {
            to.onNext(newer(V1.StatusUpdate.newBuilder().setSequence(1).build()));
            Thread.ofVirtual().start(() -> tell(to));
            return ignoring();
        }

        private void tell(StreamObserver<V1.StatusUpdate> to) {
            try {
                PodKey key = Bundles.key(wanted.take());
                V1.PodReport report =
                        Reports.report(
                                new PodReport(
                                        key,
                                        1,
                                        new PodStatusBuilder().withPhase("Running").build(),
                                        PodReport.Stage.ACTIVE));
                to.onNext(
                        newer(
                                V1.StatusUpdate.newBuilder()
                                        .setSequence(2)
                                        .setReport(newer(report))
                                        .build()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public StreamObserver<V1.WatchEventsRequest> watchEvents(
                StreamObserver<V1.EventUpdate> to) {
            return ignoring();
        }

        @Override
        public void watchHost(V1.WatchHostRequest request, StreamObserver<V1.HostDescription> to) {
            to.onNext(
                    newer(
                            V1.HostDescription.newBuilder()
                                    .setReachable(true)
                                    .setSince(Reports.time(Instant.EPOCH))
                                    .setOs("linux")
                                    .build()));
        }

        private static <T> StreamObserver<T> ignoring() {
            return new StreamObserver<>() {
                @Override
                public void onNext(T value) {}

                @Override
                public void onError(Throwable t) {}

                @Override
                public void onCompleted() {}
            };
        }
    }
}
