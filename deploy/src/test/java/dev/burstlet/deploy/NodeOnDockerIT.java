package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.ZonedDateTime;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The node that the assembled program registers, and keeps. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeOnDockerIT {
    private World world;
    private KubernetesClient client;

    @BeforeAll
    void world() {
        world = World.get();
        client = world.client();
    }

    @Test
    void itsLabelsTaintAndIdentityAreThoseOfAVirtualKubelet() {
        Node node = node();
        assertThat(node.getMetadata().getLabels())
                .containsEntry("type", "virtual-kubelet")
                .containsEntry("kubernetes.io/role", "agent")
                .containsEntry("kubernetes.io/hostname", World.NODE)
                .containsEntry("kubernetes.io/os", "linux")
                .containsKey("kubernetes.io/arch")
                .containsEntry("node.kubernetes.io/exclude-from-external-load-balancers", "true")
                .containsEntry("alpha.service-controller.kubernetes.io/exclude-balancer", "true")
                .containsEntry("topology.kubernetes.io/region", "earth")
                .containsEntry("topology.kubernetes.io/zone", "earth-1")
                .containsEntry("team", "tests");
        assertThat(node.getMetadata().getAnnotations())
                .containsEntry("team.example/contact", "nobody");
        assertThat(node.getSpec().getTaints())
                .filteredOn(taint -> taint.getKey().equals("virtual-kubelet.io/provider"))
                .extracting(Taint::getValue, Taint::getEffect)
                .containsExactly(tuple("docker", "NoSchedule"));
        assertThat(node.getSpec().getProviderID()).isNotBlank();
        assertThat(node.getSpec().getPodCIDR()).isNotBlank();
    }

    @Test
    void itsStatusTellsWhatTheHostHas() {
        Node node = node();
        assertThat(Conditions.of(node))
                .containsEntry("Ready", "True")
                .containsEntry("MemoryPressure", "False")
                .containsEntry("DiskPressure", "False")
                .containsEntry("PIDPressure", "False")
                .containsEntry("NetworkUnavailable", "False");
        assertThat(node.getStatus().getConditions())
                .extracting(NodeCondition::getReason)
                .noneMatch(String::isBlank);
        assertThat(node.getStatus().getAddresses())
                .contains(
                        new NodeAddress("127.0.0.1", "InternalIP"),
                        new NodeAddress(World.NODE, "Hostname"));
        assertThat(node.getStatus().getDaemonEndpoints().getKubeletEndpoint().getPort())
                .isPositive();
        assertThat(node.getStatus().getCapacity())
                .containsEntry("pods", new Quantity("110"))
                .containsEntry("example.com/widget", new Quantity("3"))
                .containsKeys("cpu", "memory", "ephemeral-storage");
        assertThat(
                        bytes(Objects.requireNonNull(node.getStatus().getCapacity().get("memory")))
                                - bytes(
                                        Objects.requireNonNull(
                                                node.getStatus().getAllocatable().get("memory"))))
                .isEqualTo(64L << 20);
        assertThat(node.getStatus().getNodeInfo().getContainerRuntimeVersion())
                .startsWith("docker://");
        assertThat(node.getStatus().getNodeInfo().getKernelVersion()).isNotBlank();
        assertThat(node.getStatus().getNodeInfo().getKubeletVersion()).startsWith("v1.");
        eventually(() ->
                assertThat(node().getStatus().getImages())
                        .flatMap(image -> image.getNames())
                        .contains(Docker.IMAGE));
    }

    @Test
    void itsLeaseIsRenewed() {
        ZonedDateTime before = lease().getSpec().getRenewTime();
        assertThat(lease().getSpec().getLeaseDurationSeconds()).isEqualTo(40);
        assertThat(lease().getMetadata().getOwnerReferences())
                .extracting("kind", "name")
                .containsExactly(tuple("Node", World.NODE));
        eventually(() -> assertThat(lease().getSpec().getRenewTime()).isAfter(before));
    }

    @Test
    void whatOthersOverwriteOfOursIsRepairedAndTheirsIsKept() {
        world.kubectl("label", "node", World.NODE, "--overwrite", "type=stolen", "theirs=kept")
                .output();
        eventually(() ->
                assertThat(node().getMetadata().getLabels())
                        .containsEntry("type", "virtual-kubelet")
                        .containsEntry("theirs", "kept"));
        world.kubectl("label", "node", World.NODE, "theirs-").output();
    }

    @Test
    void aDeletedNodeComesBackAndItsPodsLiveOn() {
        try (Scene scene = world.scene()) {
            scene.shell("stays", "trap 'exit 0' TERM; sleep 1000 & wait");
            scene.awaitReady("stays");
            var containers = scene.containers();
            String uid = node().getMetadata().getUid();
            client.nodes().withName(World.NODE).delete();
            eventually(() -> {
                Node back = client.nodes().withName(World.NODE).get();
                assertThat(back).isNotNull();
                assertThat(back.getMetadata().getUid()).isNotEqualTo(uid);
                assertThat(Conditions.of(back)).containsEntry("Ready", "True");
                assertThat(back.getMetadata().getLabels()).containsEntry("team", "tests");
            });
            assertThat(scene.containers()).isEqualTo(containers);
        }
    }

    @Test
    void kubectlShowsItReady() {
        assertThat(world.kubectl("get", "nodes").output())
                .containsPattern(World.NODE + " +Ready +agent ");
    }

    private static long bytes(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity).longValueExact();
    }

    private Node node() {
        return client.nodes().withName(World.NODE).get();
    }

    private Lease lease() {
        return client.leases().inNamespace("kube-node-lease").withName(World.NODE).get();
    }
}
