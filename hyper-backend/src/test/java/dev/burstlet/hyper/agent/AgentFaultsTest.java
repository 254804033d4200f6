package dev.burstlet.hyper.agent;

import static dev.burstlet.engine.TestPods.bundle;
import static dev.burstlet.engine.TestPods.container;
import static dev.burstlet.engine.TestPods.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.engine.RecordingListener;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.engine.agent.AgentSettings;
import dev.burstlet.engine.plan.BackOffRules;
import dev.burstlet.hyper.proto.agent.PodLifecycleGrpc;
import dev.burstlet.hyper.proto.agent.V1;
import dev.burstlet.hyper.remote.RemotePods;
import dev.burstlet.hyper.tls.PemIdentity;
import dev.burstlet.hyper.wire.Bundles;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodLifecycle.Deletion;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.PodReport.Stage;
import io.fabric8.kubernetes.api.model.Pod;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent and its client keep to when the one, the other or the way between is gone. */
class AgentFaultsTest {
    private static final Owner OWNER = new Owner("cluster-1", "node-1");
    private static final BackOffRules QUICK =
            new BackOffRules(
                    Duration.ofMillis(100),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(20),
                    Duration.ofMillis(200),
                    Duration.ofMillis(100));

    @TempDir static Path certificates;
    @TempDir Path state;

    private final String host = "agent-" + UUID.randomUUID();
    private final MemoryEngine engine = MemoryEngine.of(host);
    private final RecordingListener listener = new RecordingListener();
    private final List<AutoCloseable> open = new ArrayList<>();
    private AgentServer agent;
    private Relay relay;
    private RemotePods pods;

    @BeforeEach
    void listen() throws IOException {
        agent = agent();
        relay = kept(new Relay(agent.port()));
        pods = client("node-1", OWNER, relay.port());
        pods.listen(listener);
        listener.awaitHost("reachable", now -> now.health().reachable());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        engine.close();
    }

    @Test
    void restartsGoOnWhileItIsCutOffAndAreToldAfterwards() {
        Pod pod = pod("flaps", "Always", container("main", "sleep 1000"));
        PodReport before = running(pod);
        relay.cut();
        listener.awaitHost("away", now -> !now.health().reachable());
        String first = engine.listContainers(Filter.all(OWNER)).getFirst().id();
        engine.stopContainer(first, Duration.ZERO);
        eventually(() ->
                engine.listContainers(Filter.all(OWNER)).stream()
                        .anyMatch(one ->
                                !one.id().equals(first)
                                        && one.state() instanceof ContainerStatus.State.Running));

        relay.mend(agent.port());

        PodReport after = await(pod, "the restart", r -> restarts(r) == 1 && isRunning(r));
        assertThat(after.status().getPodIP()).isEqualTo(before.status().getPodIP());
        listener.awaitHost("back", now -> now.health().reachable());
    }

    @Test
    void wishesThatCameWhileItWasCutOffAreToldAfterwards() {
        Pod goes = pod("goes", "Always", container("main", "sleep 1000"));
        running(goes);
        relay.cut();
        listener.awaitHost("away", now -> !now.health().reachable());
        Pod comes = pod("comes", "Always", container("main", "sleep 1000"));

        pods.createPod(bundle(comes));
        pods.deletePod(PodKey.of(goes), new Deletion(0, ""));
        relay.mend(agent.port());

        await(comes, "running", AgentFaultsTest::isRunning);
        await(goes, "finished", r -> r.stage() == Stage.FINISHED);
        await(goes, "removed", r -> r.stage() == Stage.REMOVED);
    }

    @Test
    void thatAPodIsGoneIsToldUntilItArrived() {
        Pod pod = pod("gone", "Never", container("main", "sleep 1000"));
        running(pod);
        pods.deletePod(PodKey.of(pod), new Deletion(1, ""));
        relay.cut();
        eventually(() -> engine.listPodSandboxes(Filter.all(OWNER)).isEmpty());

        relay.mend(agent.port());

        await(pod, "finished", r -> r.stage() == Stage.FINISHED);
        await(pod, "removed", r -> r.stage() == Stage.REMOVED);
    }

    @Test
    void aNewAgentAdoptsAndStartsNothingBeforeItsControlSideIsBack() throws Exception {
        Pod pod = pod("adopted", "Always", container("main", "sleep 1000"));
        Pod other = pod("ended", "Always", container("main", "sleep 1000"));
        PodReport before = running(pod);
        running(other);
        relay.cut();
        agent.close();
        engine.stopContainer(
                engine.listContainers(new Filter(OWNER, "uid-ended")).getFirst().id(),
                Duration.ZERO);
        agent = agent();
        V1.Session session = session(1, OWNER);
        assertThat(agent.owner()).contains("node-1");
        assertThat(engine.listContainers(Filter.all(OWNER))).hasSize(2);
        assertThat(running(engine.listContainers(Filter.all(OWNER)))).isEqualTo(1);
        assertThat(session.getNumber()).isEqualTo(1);

        relay.mend(agent.port());

        PodReport restarted = await(other, "restarted", r -> restarts(r) == 1 && isRunning(r));
        assertThat(restarted.revision()).isEqualTo(1);
        assertThat(listener.reports(PodKey.of(pod)).getLast().status()).isEqualTo(before.status());
        assertThat(listener.reports(PodKey.of(pod))).noneMatch(r -> r.revision() == 0);
    }

    @Test
    void aNewControlSideIsToldWhatThereIs() {
        Pod pod = pod("kept", "Always", container("main", "sleep 1000"));
        PodReport before = running(pod);
        pods.close();

        RecordingListener second = new RecordingListener();
        pods = client("node-1", OWNER, relay.port());
        pods.listen(second);

        PodReport told = second.await(PodKey.of(pod), "running", AgentFaultsTest::isRunning);
        assertThat(told).isEqualTo(before);
        assertThat(pods.getPods()).hasSize(1);
        assertThat(pods.getPod(PodKey.of(pod)).orElseThrow().pod()).isEqualTo(pod);
    }

    @Test
    void anotherCertificateOrNodeIsRefused() throws Exception {
        for (Callable<Object> attempt :
                List.<Callable<Object>>of(
                        () -> raw("node-2").open(opening(OWNER)),
                        () -> raw("node-1").open(opening(new Owner("cluster-1", "node-2"))),
                        () -> raw("node-1").open(opening(new Owner("cluster-2", "node-1"))))) {
            assertThat(code(attempt)).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void anOlderSessionIsRefused() throws Exception {
        V1.GetPodRequest request =
                V1.GetPodRequest.newBuilder()
                        .setSession(session(1, OWNER))
                        .setKey(Bundles.key(new PodKey("default", "any", "uid-any")))
                        .build();
        assertThat(code(() -> raw("node-1").getPod(request)))
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
    }

    @Test
    void aWishThatWasOvertakenNeverStartsAPodAgain() throws Exception {
        Owner owner = OWNER;
        long number = Long.MAX_VALUE / 2;
        var stub = raw("node-1");
        var _ = stub.open(opening(owner).toBuilder().setSession(number).build());
        V1.Session session = session(number, owner);
        Pod pod = pod("late", "Always", container("main", "sleep 1000"));
        V1.UpdatePodRequest wanted =
                V1.UpdatePodRequest.newBuilder()
                        .setSession(session)
                        .setKey(Bundles.key(PodKey.of(pod)))
                        .setOrder(5)
                        .setBundle(Bundles.bundle(bundle(pod)))
                        .build();
        V1.DeletePodRequest unwanted =
                V1.DeletePodRequest.newBuilder()
                        .setSession(session)
                        .setKey(Bundles.key(PodKey.of(pod)))
                        .setOrder(6)
                        .build();

        var _ = stub.updatePod(wanted);
        var _ = stub.updatePod(wanted);
        eventually(() -> running(engine.listContainers(Filter.all(owner))) == 1);
        var _ = stub.deletePod(unwanted);
        eventually(() -> engine.listPodSandboxes(Filter.all(owner)).isEmpty());

        assertThat(code(() -> stub.updatePod(wanted))).isEqualTo(Status.Code.ABORTED);
        assertThat(stub.deletePod(unwanted)).isNotNull();
        assertThat(engine.listPodSandboxes(Filter.all(owner))).isEmpty();
    }

    private AgentServer agent() throws IOException {
        return kept(
                AgentServer.start(
                        new AgentSettings(
                                "127.0.0.1",
                                0,
                                new TestCertificates(certificates).agent("host"),
                                state,
                                null,
                                null,
                                null),
                        MemoryEngine.of(host),
                        "test",
                        InstantSource.system(),
                        settings -> settings.withRules(QUICK)));
    }

    private RemotePods client(String certificate, Owner owner, int port) {
        return kept(
                new RemotePods(
                        new AgentEndpoint(
                                "127.0.0.1",
                                port,
                                new TestCertificates(certificates).node(certificate),
                                null,
                                Duration.ofSeconds(30)),
                        new PodEngineSettings(owner),
                        "test",
                        InstantSource.system()));
    }

    private PodLifecycleGrpc.PodLifecycleBlockingV2Stub raw(String certificate) {
        PemIdentity identity =
                kept(new PemIdentity(new TestCertificates(certificates).node(certificate), true));
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", agent.port(), identity.ofClient())
                        .build();
        open.add(channel::shutdownNow);
        return PodLifecycleGrpc.newBlockingV2Stub(channel);
    }

    private static V1.OpenRequest opening(Owner owner) {
        return V1.OpenRequest.newBuilder()
                .setOwner(session(1, owner).getOwner())
                .setSession(Long.MAX_VALUE)
                .build();
    }

    private static V1.Session session(long number, Owner owner) {
        return V1.Session.newBuilder()
                .setOwner(V1.Owner.newBuilder().setCluster(owner.cluster()).setNode(owner.node()))
                .setNumber(number)
                .build();
    }

    private static Status.Code code(Callable<?> call) throws Exception {
        try {
            Object answer = call.call();
            return Assertions.fail("answered " + answer);
        } catch (StatusException e) {
            return e.getStatus().getCode();
        }
    }

    private <T extends AutoCloseable> T kept(T one) {
        open.add(one);
        return one;
    }

    private PodReport running(Pod pod) {
        pods.createPod(bundle(pod));
        return await(pod, "running", AgentFaultsTest::isRunning);
    }

    private PodReport await(Pod pod, String what, java.util.function.Predicate<PodReport> is) {
        return listener.await(PodKey.of(pod), what, is);
    }

    private static long running(List<ContainerStatus> containers) {
        return containers.stream()
                .filter(one -> one.state() instanceof ContainerStatus.State.Running)
                .count();
    }

    private static boolean isRunning(PodReport report) {
        return !report.status().getContainerStatuses().isEmpty()
                && report.status().getContainerStatuses().getFirst().getState() != null
                && report.status().getContainerStatuses().getFirst().getState().getRunning()
                        != null;
    }

    private static int restarts(PodReport report) {
        return report.status().getContainerStatuses().getFirst().getRestartCount();
    }

    private static void eventually(java.util.function.BooleanSupplier holds) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(holds::getAsBoolean);
    }
}
