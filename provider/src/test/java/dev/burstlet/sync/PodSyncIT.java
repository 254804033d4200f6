package dev.burstlet.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.pod.PodBundle;
import dev.burstlet.pod.PodKey;
import dev.burstlet.pod.PodReport;
import dev.burstlet.pod.Reference;
import dev.burstlet.testing.ControlPlane;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods of one node, from the API server to a host and back. */
@ExtendWith(ControlPlaneExtension.class)
class PodSyncIT {
    private static final String NAMESPACE = "default";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final AtomicInteger NODES = new AtomicInteger();

    private final String nodeName = "sync-" + NODES.incrementAndGet() + "-" + System.nanoTime();
    private final PlainHost host = new PlainHost();
    private final ControlPlane controlPlane;
    private final KubernetesClient client;
    private VirtualNode node;

    PodSyncIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.client = Cluster.connect(controlPlane.admin());
        this.node = start();
    }

    private VirtualNode start() {
        return new VirtualNode(controlPlane.admin(), VirtualNode.settings(nodeName), host);
    }

    @BeforeEach
    void isActive() {
        await().atMost(PATIENCE)
                .until(() -> node.sync().isActive() && node.node().node().isPresent());
    }

    @AfterEach
    void cleanUp() {
        client.pods()
                .inNamespace(NAMESPACE)
                .withField("spec.nodeName", nodeName)
                .withGracePeriod(0)
                .delete();
        node.close();
        client.nodes().withName(nodeName).delete();
        client.close();
    }

    private PodBuilder podNamed(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name + "-" + nodeName)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withNodeName(nodeName)
                .addNewContainer()
                .withName("main")
                .withImage("busybox")
                .endContainer()
                .endSpec();
    }

    private Pod create(PodBuilder pod) {
        return client.resource(pod.build()).create();
    }

    private @org.jspecify.annotations.Nullable Pod read(Pod pod) {
        return client.resource(pod).get();
    }

    private Pod awaitPhase(Pod pod, String phase) {
        await().atMost(PATIENCE)
                .until(() -> {
                    Pod now = read(pod);
                    return now != null && phase.equals(now.getStatus().getPhase());
                });
        return Objects.requireNonNull(read(pod));
    }

    private PodBundle bundle(Pod pod) {
        return Objects.requireNonNull(host.bundle(pod.getMetadata().getUid()));
    }

    @Test
    void runsAndEnds() {
        Pod pod = awaitPhase(create(podNamed("plain")), "Running");
        assertThat(pod.getStatus().getPodIPs()).hasSize(1);
        assertThat(pod.getStatus().getObservedGeneration()).isEqualTo(1);
        PodBundle bundle = bundle(pod);
        assertThat(bundle.tokens()).hasSize(1);
        assertThat(bundle.tokens().values().iterator().next())
                .isInstanceOf(Reference.Present.class);
        assertThat(bundle.configMaps()).containsOnlyKeys("kube-root-ca.crt");
        assertThat(bundle.services()).anyMatch(s -> s.getMetadata().getName().equals("kubernetes"));

        client.resource(pod).delete();
        await().atMost(PATIENCE).until(() -> read(pod) == null);
        await().atMost(PATIENCE).until(() -> node.sync().size() == 0);
        assertThat(host.holds(pod.getMetadata().getUid())).isFalse();
        assertThat(host.starts()).isEqualTo(1);
    }

    @Test
    void keepsTheObjectUntilTheHostIsDone() {
        Pod pod = awaitPhase(create(podNamed("stubborn")), "Running");
        host.refuseToEnd();
        client.resource(pod).withGracePeriod(1).delete();
        await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> read(pod) != null);
        PodStatus over = host.status(pod.getMetadata().getUid());
        over.setPhase("Succeeded");
        host.report(pod.getMetadata().getUid(), over, PodReport.Stage.REMOVED);
        await().atMost(PATIENCE).until(() -> read(pod) == null);
    }

    @Test
    void aPodOfTheSameNameIsAnotherOne() {
        PodBuilder same = podNamed("again");
        Pod first = awaitPhase(create(same), "Running");
        client.resource(first).withGracePeriod(0).delete();
        Pod second = awaitPhase(create(same), "Running");
        assertThat(second.getMetadata().getUid()).isNotEqualTo(first.getMetadata().getUid());
        await().atMost(PATIENCE).until(() -> !host.holds(first.getMetadata().getUid()));
        assertThat(host.holds(second.getMetadata().getUid())).isTrue();
    }

    @Test
    void aRestartAdoptsAndSweeps() {
        Pod kept = awaitPhase(create(podNamed("kept")), "Running");
        Pod deleted = awaitPhase(create(podNamed("deleted")), "Running");
        node.close();
        PodKey orphan = new PodKey(NAMESPACE, "orphan-" + nodeName, "no-such-uid");
        host.plant(orphan);
        client.resource(deleted).withGracePeriod(0).delete();
        node = start();
        await().atMost(PATIENCE).until(() -> !host.holds(orphan.uid()));
        await().atMost(PATIENCE).until(() -> !host.holds(deleted.getMetadata().getUid()));
        assertThat(host.holds(kept.getMetadata().getUid())).isTrue();
        assertThat(host.starts()).isEqualTo(2);
    }

    @Test
    void aRestartAsksForNoTokensThatTheHostHas() {
        Pod pod = awaitPhase(create(podNamed("kept")), "Running");
        String uid = pod.getMetadata().getUid();
        PodBundle before = bundle(uid);
        assertThat(before.tokens()).isNotEmpty();
        node.close();
        host.tellOnlyNews();
        node = start();
        await().atMost(PATIENCE).until(() -> bundle(uid).revision() > before.revision());
        assertThat(bundle(uid).tokens()).isEmpty();
    }

    private PodBundle bundle(String uid) {
        return Objects.requireNonNull(host.bundle(uid));
    }

    @Test
    void refusesWhatDoesNotFit() {
        PodBuilder huge = podNamed("huge");
        huge.editSpec()
                .editFirstContainer()
                .withNewResources()
                .addToRequests("cpu", new Quantity("100"))
                .endResources()
                .endContainer()
                .endSpec();
        Pod pod = awaitPhase(create(huge), "Failed");
        assertThat(pod.getStatus().getReason()).isEqualTo("OutOfcpu");
        assertThat(pod.getStatus().getMessage())
                .isEqualTo(
                        "Pod was rejected: Node didn't have enough resource: cpu, requested:"
                                + " 100000, used: 0, capacity: 8000");
        assertThat(host.starts()).isZero();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(
                                        client.v1()
                                                .events()
                                                .inNamespace(NAMESPACE)
                                                .withField(
                                                        "involvedObject.uid",
                                                        pod.getMetadata().getUid())
                                                .list()
                                                .getItems())
                                .anyMatch(event -> event.getReason().equals("OutOfcpu")));
        client.resource(pod).delete();
        await().atMost(PATIENCE).until(() -> read(pod) == null);
    }

    @Test
    void followsWhatThePodRefersTo() {
        PodBuilder configured = podNamed("configured");
        String mapName = "config-" + nodeName;
        configured
                .editSpec()
                .editFirstContainer()
                .addNewEnvFrom()
                .withNewConfigMapRef(mapName, false)
                .endEnvFrom()
                .endContainer()
                .endSpec();
        Pod pod = awaitPhase(create(configured), "Running");
        assertThat(bundle(pod).configMaps().get(mapName)).isInstanceOf(Reference.Missing.class);
        ConfigMap map =
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(mapName)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .addToData("key", "one")
                        .build();
        client.resource(map).create();
        await().atMost(PATIENCE).until(() -> value(pod, mapName).equals("one"));
        long revision = bundle(pod).revision();
        map.getData().put("key", "two");
        client.resource(map).update();
        await().atMost(PATIENCE).until(() -> value(pod, mapName).equals("two"));
        assertThat(bundle(pod).revision()).isGreaterThan(revision);
        client.resource(map).delete();
    }

    private String value(Pod pod, String mapName) {
        return bundle(pod).configMaps().get(mapName)
                        instanceof Reference.Present<ConfigMap>(ConfigMap map)
                ? map.getData().getOrDefault("key", "")
                : "";
    }

    @Test
    void replacesWhatIsOursAndKeepsWhatIsOthers() {
        Pod pod = awaitPhase(create(podNamed("status")), "Running");
        PodCondition gate = new PodCondition();
        gate.setType("example.com/gate");
        gate.setStatus("True");
        client.resource(pod)
                .subresource("status")
                .edit(now ->
                        new PodBuilder(now).editStatus().addToConditions(gate).endStatus().build());
        String uid = pod.getMetadata().getUid();
        PodStatus moved = host.status(uid);
        moved.setPodIP("10.200.9.9");
        moved.getPodIPs().getFirst().setIp("10.200.9.9");
        moved.getContainerStatuses().getFirst().setRestartCount(3);
        moved.getConditions().removeIf(c -> c.getType().equals("Initialized"));
        host.report(uid, moved, PodReport.Stage.ACTIVE);
        await().atMost(PATIENCE)
                .until(() ->
                        "10.200.9.9"
                                .equals(Objects.requireNonNull(read(pod)).getStatus().getPodIP()));
        PodStatus after = Objects.requireNonNull(read(pod)).getStatus();
        assertThat(after.getPodIPs()).hasSize(1);
        assertThat(after.getConditions())
                .extracting(PodCondition::getType)
                .contains("example.com/gate", "Ready")
                .doesNotContain("Initialized");
        assertThat(after.getContainerStatuses().getFirst().getRestartCount()).isEqualTo(3);
        assertThat(node.sync().pods()).hasSize(1);
        assertThat(List.of(node.sync().find(NAMESPACE, pod.getMetadata().getName()))).hasSize(1);
    }
}
