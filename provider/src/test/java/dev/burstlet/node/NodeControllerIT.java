package dev.burstlet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.cluster.EventQueue;
import dev.burstlet.pod.HostDescription;
import dev.burstlet.testing.ControlPlane;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A virtual node on a real API server. */
@ExtendWith(ControlPlaneExtension.class)
class NodeControllerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String name = "node-" + System.nanoTime();
    private final ControlPlane controlPlane;
    private final KubernetesClient client;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();

    NodeControllerIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.client = Cluster.connect(controlPlane.admin());
    }

    @AfterEach
    void cleanUp() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        client.nodes().withName(name).delete();
        client.close();
    }

    private NodeController start(String who, Config config, NodeSettings settings) {
        KubernetesClient own = Cluster.connect(config);
        Cluster cluster = new Cluster(own, InstantSource.system());
        EventQueue events = new EventQueue(cluster);
        NodeWatch watch = new NodeWatch(cluster, settings.identity() == NodeSettings.Identity.NODE);
        NodeController controller =
                new NodeController(
                        cluster,
                        watch,
                        settings,
                        host(true, Instant.EPOCH, ""),
                        events,
                        new NodeListener() {
                            @Override
                            public void held() {
                                told.add(who + " holds");
                            }

                            @Override
                            public void lost(String holder) {
                                told.add(who + " lost");
                            }

                            @Override
                            public void waiting(String holder) {
                                told.add(who + " waits");
                            }
                        });
        open.addAll(List.of(own, cluster, events, watch, controller));
        controller.start();
        return controller;
    }

    private NodeController start() {
        return start("one", controlPlane.admin(), settings());
    }

    private NodeSettings settings() {
        return NodeSettings.of(name, List.of(new NodeAddress("127.0.0.1", "InternalIP")), 10250);
    }

    private static HostDescription host(boolean reachable, Instant since, String cause) {
        return new HostDescription(
                new HostDescription.Health(reachable, since, cause),
                new HostDescription.SystemInfo(
                        "linux", "amd64", "6.1.0", "Debian 12", "memory://1", "m", "s", "b"),
                Map.of("cpu", new Quantity("8000m"), "memory", new Quantity("16Gi")),
                HostDescription.Pressures.NONE,
                List.of(),
                List.of(new HostDescription.RuntimeHandler("", true, false)),
                "");
    }

    private Node awaitNode(Predicate<Node> wanted) {
        await().atMost(PATIENCE)
                .until(() ->
                        Optional.ofNullable(client.nodes().withName(name).get())
                                .filter(wanted)
                                .isPresent());
        return Objects.requireNonNull(client.nodes().withName(name).get());
    }

    private static String condition(Node node, String type) {
        return node.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .map(condition -> condition.getStatus() + " " + condition.getReason())
                .findFirst()
                .orElse("");
    }

    private static boolean ready(Node node) {
        return condition(node, "Ready").equals("True KubeletReady");
    }

    @Test
    void writesNothingWhileNothingChanges() {
        start();
        Node node = awaitNode(NodeControllerIT::ready);
        assertThat(node.getStatus().getCapacity()).containsEntry("cpu", new Quantity("8"));
        NodePatches patches =
                new NodePatches(settings(), host(true, Instant.EPOCH, ""), node, Troubles.NONE);
        assertThat(patches.statusChanges(Instant.now())).isEmpty();
    }

    @Test
    void registersAsAKubeletDoes() {
        NodeController controller = start();
        Node node = awaitNode(NodeControllerIT::ready);
        assertThat(node.getSpec().getProviderID()).isEqualTo("burstlet://" + name);
        assertThat(node.getSpec().getTaints())
                .extracting(Taint::getKey)
                .contains("virtual-kubelet.io/provider");
        assertThat(node.getMetadata().getLabels())
                .containsEntry("type", "virtual-kubelet")
                .containsEntry("kubernetes.io/role", "agent")
                .containsEntry("kubernetes.io/hostname", name)
                .containsEntry("kubernetes.io/os", "linux")
                .containsEntry("kubernetes.io/arch", "amd64");
        assertThat(node.getStatus().getConditions())
                .extracting(NodeCondition::getType)
                .containsExactlyInAnyOrder(
                        "Ready",
                        "MemoryPressure",
                        "DiskPressure",
                        "PIDPressure",
                        "NetworkUnavailable");
        assertThat(node.getStatus().getAllocatable()).containsEntry("pods", new Quantity("110"));
        assertThat(node.getStatus().getRuntimeHandlers()).hasSize(1);
        assertThat(node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort())
                .isEqualTo(10250);
        await().atMost(PATIENCE)
                .until(() ->
                        lease().getMetadata().getOwnerReferences().stream()
                                .anyMatch(owner ->
                                        owner.getUid().equals(node.getMetadata().getUid())));
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo(name);
        assertThat(lease().getSpec().getLeaseDurationSeconds()).isEqualTo(40);
        assertThat(controller.context().hostIps()).containsExactly("127.0.0.1");
    }

    private Lease lease() {
        return Objects.requireNonNull(
                client.leases().inNamespace("kube-node-lease").withName(name).get());
    }

    @Test
    void comesBackWhenDeleted() {
        start();
        Node first = awaitNode(NodeControllerIT::ready);
        client.nodes().withName(name).delete();
        Node second =
                awaitNode(node ->
                        ready(node)
                                && !node.getMetadata()
                                        .getUid()
                                        .equals(first.getMetadata().getUid()));
        assertThat(second.getSpec().getProviderID()).isEqualTo("burstlet://" + name);
    }

    @Test
    void keepsTheExtendedResourcesThatOthersAdvertise() {
        NodeController controller = start();
        awaitNode(NodeControllerIT::ready);
        client.nodes()
                .withName(name)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"capacity\":{\"example.com/dongle\":\"4\"}}}");

        Node with =
                awaitNode(seen ->
                        seen.getStatus().getAllocatable().containsKey("example.com/dongle"));
        controller.hostChanged(host(false, Instant.EPOCH, "gone"));
        controller.hostChanged(host(true, Instant.EPOCH, ""));

        assertThat(with.getStatus().getCapacity())
                .containsEntry("example.com/dongle", new Quantity("4"));
        await().atMost(PATIENCE)
                .during(Duration.ofSeconds(2))
                .until(() ->
                        client.nodes()
                                .withName(name)
                                .get()
                                .getStatus()
                                .getAllocatable()
                                .containsKey("example.com/dongle"));
    }

    @Test
    void repairsWhatIsOursAndKeepsWhatIsOthers() {
        start();
        awaitNode(NodeControllerIT::ready);
        client.nodes()
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        """
                        {"metadata":{"labels":{"type":"other","theirs":"kept"}},
                         "spec":{"unschedulable":true,
                          "taints":[{"key":"theirs","value":"kept","effect":"NoExecute"}]}}
                        """);
        Node node =
                awaitNode(now ->
                        "virtual-kubelet".equals(now.getMetadata().getLabels().get("type"))
                                && now.getSpec().getTaints().stream()
                                        .anyMatch(taint -> taint.getKey().startsWith("virtual")));
        assertThat(node.getMetadata().getLabels()).containsEntry("theirs", "kept");
        assertThat(node.getSpec().getUnschedulable()).isTrue();
        assertThat(node.getSpec().getTaints()).extracting(Taint::getKey).contains("theirs");
    }

    @Test
    void keepsExtendedResourcesThatOthersWroteIntoItsStatus() {
        start();
        awaitNode(NodeControllerIT::ready);
        client.nodes()
                .withName(name)
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"capacity\":{\"example.com/widget\":\"3\"}}}");
        Node node =
                awaitNode(
                        now -> now.getStatus().getAllocatable().containsKey("example.com/widget"));
        assertThat(node.getStatus().getCapacity())
                .containsEntry("example.com/widget", new Quantity("3"));
    }

    @Test
    void saysWhichHostIsAwayAndComesBack() {
        NodeController controller = start();
        awaitNode(NodeControllerIT::ready);
        Instant now = InstantSource.system().instant();
        controller.hostChanged(host(false, now, "docker host h1 does not answer"));
        controller.hostChanged(host(false, now.minusSeconds(60), "docker host h1 does not answer"));
        Node away = awaitNode(node -> condition(node, "Ready").equals("False KubeletNotReady"));
        assertThat(away.getStatus().getConditions())
                .anyMatch(condition ->
                        condition.getMessage().equals("docker host h1 does not answer"));
        controller.hostChanged(host(true, now, ""));
        awaitNode(NodeControllerIT::ready);
    }

    @Test
    void drainSaysSoAndTheNextStartLiftsIt() throws Exception {
        NodeController controller = start();
        awaitNode(NodeControllerIT::ready);
        controller.drain("maintenance");
        Node drained = awaitNode(node -> condition(node, "Ready").equals("False NodeDrain"));
        assertThat(drained.getSpec().getUnschedulable()).isTrue();
        await().atMost(PATIENCE).until(controller::isDrained);
        controller.close();
        start("two", controlPlane.admin(), settings());
        Node back = awaitNode(NodeControllerIT::ready);
        assertThat(back.getSpec().getUnschedulable()).isNull();
    }

    @Test
    void aNetworkThatIsNotTheOneItShouldBeIsToldWhileItIs() {
        NodeController controller = start();
        awaitNode(NodeControllerIT::ready);

        controller.networkTrouble("another subnet");
        awaitNode(node ->
                condition(node, "NetworkUnavailable").equals("True BurstletNetworkNotReady"));

        controller.networkTrouble("");
        awaitNode(
                node -> condition(node, "NetworkUnavailable").equals("False BurstletNetworkReady"));
    }

    @Test
    void oneProcessAtATime() {
        NodeController one = start();
        await().atMost(PATIENCE).until(one::isHeld);
        // The second thinks that the first is of another host.
        String foreign = new Holder("elsewhere", "x", 1, 1, "").format();
        client.leases()
                .inNamespace("kube-node-lease")
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}"
                                .formatted(LeaseDecision.HOLDER, foreign));
        NodeController two = start("two", controlPlane.admin(), settings());
        await().atMost(PATIENCE).until(() -> told.contains("two waits"));
        assertThat(two.isHeld()).isFalse();
        await().atMost(PATIENCE).until(() -> told.contains("one lost"));
        one.close();
        client.leases().inNamespace("kube-node-lease").withName(name).delete();
        await().atMost(PATIENCE).until(two::isHeld);
    }

    @Test
    void worksAsTheNodeItself() {
        Config own = controlPlane.as("system:node:" + name, "system:nodes");
        NodeSettings base = settings();
        NodeSettings settings =
                new NodeSettings(
                        base.name(),
                        base.providerId(),
                        base.labels(),
                        base.annotations(),
                        base.taints(),
                        base.kubeletVersion(),
                        base.declaredFeatures(),
                        base.resources(),
                        base.endpoint(),
                        base.dns(),
                        NodeSettings.Identity.NODE,
                        base.timing(),
                        base.slot());
        start("node", own, settings);
        Node node = awaitNode(NodeControllerIT::ready);
        assertThat(node.getMetadata().getLabels()).containsEntry("type", "virtual-kubelet");
        assertThat(node.getSpec().getTaints()).isNotEmpty();
    }
}
