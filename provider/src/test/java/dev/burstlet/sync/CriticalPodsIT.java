package dev.burstlet.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.burstlet.cluster.Cluster;
import dev.burstlet.container.ContainerStatus;
import dev.burstlet.container.Filter;
import dev.burstlet.container.Owner;
import dev.burstlet.container.memory.MemoryEngine;
import dev.burstlet.engine.PodEngine;
import dev.burstlet.engine.PodEngineSettings;
import dev.burstlet.testing.ControlPlane;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pods that a node must not do without: static ones, and those that others make way for. */
@ExtendWith(ControlPlaneExtension.class)
class CriticalPodsIT {
    private static final String NAMESPACE = "default";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String nodeName = "critical-" + System.nanoTime();
    private final Owner owner = new Owner("cluster", nodeName);
    private final MemoryEngine engine = MemoryEngine.of(nodeName);
    private final ControlPlane controlPlane;
    private final KubernetesClient client;
    @TempDir private Path manifests;
    private @Nullable VirtualNode node;
    private @Nullable PodEngine pods;

    CriticalPodsIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.client = Cluster.connect(controlPlane.admin());
    }

    @BeforeEach
    void start() {
        PodEngine host =
                new PodEngine(
                        MemoryEngine.of(nodeName),
                        new PodEngineSettings(owner),
                        InstantSource.system());
        VirtualNode started =
                new VirtualNode(
                        controlPlane.admin(), VirtualNode.settings(nodeName), host, manifests);
        await("the node")
                .atMost(PATIENCE)
                .until(() -> started.sync().isActive() && started.node().node().isPresent());
        pods = host;
        node = started;
    }

    private void stop() {
        Objects.requireNonNull(node).close();
        Objects.requireNonNull(pods).close();
    }

    @AfterEach
    void cleanUp() {
        client.pods()
                .inNamespace(NAMESPACE)
                .withField("spec.nodeName", nodeName)
                .withGracePeriod(0)
                .delete();
        stop();
        client.nodes().withName(nodeName).delete();
        client.close();
        engine.close();
    }

    @Test
    void aStaticPodRunsOnWhateverBecomesOfItsMirror() throws IOException {
        write("first");
        Pod mirror = awaitPod("web-" + nodeName, CriticalPodsIT::isRunning);
        String container = container();
        assertThat(mirror.getMetadata().getAnnotations())
                .containsEntry("kubernetes.io/config.source", "file")
                .containsKeys("kubernetes.io/config.seen", "kubernetes.io/config.hash")
                .containsEntry(
                        "kubernetes.io/config.mirror",
                        mirror.getMetadata().getAnnotations().get("kubernetes.io/config.hash"));
        assertThat(mirror.getMetadata().getOwnerReferences())
                .anyMatch(o -> o.getKind().equals("Node") && o.getName().equals(nodeName));

        client.resource(mirror).delete();

        awaitPod(
                "web-" + nodeName,
                pod ->
                        isRunning(pod)
                                && !pod.getMetadata()
                                        .getUid()
                                        .equals(mirror.getMetadata().getUid()));
        assertThat(container()).isEqualTo(container);

        stop();
        start();
        awaitPod("web-" + nodeName, CriticalPodsIT::isRunning);
        assertThat(container()).isEqualTo(container);
    }

    @Test
    void aChangedManifestIsAnotherPodAndWithoutOneThereIsNone() throws IOException {
        write("first");
        Pod first = awaitPod("web-" + nodeName, CriticalPodsIT::isRunning);
        String container = container();

        write("second");
        awaitPod(
                "web-" + nodeName, pod -> isRunning(pod) && !mirrorOf(pod).equals(mirrorOf(first)));
        assertThat(container()).isNotEqualTo(container);

        Files.delete(manifests.resolve("web.yaml"));
        await().atMost(PATIENCE).until(() -> read("web-" + nodeName) == null);
        await().atMost(PATIENCE).until(() -> engine.listPodSandboxes(Filter.all(owner)).isEmpty());
    }

    @Test
    void aMirrorOfNothingIsRemovedAndNeverRun() {
        Pod mirror =
                new PodBuilder(asking("nothing-" + nodeName, new Quantity("1m"), null))
                        .editMetadata()
                        .addToAnnotations("kubernetes.io/config.mirror", "0".repeat(32))
                        .endMetadata()
                        .build();
        client.resource(mirror).create();
        await().atMost(PATIENCE).until(() -> read("nothing-" + nodeName) == null);
        assertThat(engine.listPodSandboxes(Filter.all(owner))).isEmpty();
    }

    @Test
    void othersMakeWayForACriticalPod() {
        Quantity most = allocatableCpu();
        client.resource(asking("low-" + nodeName, most, null)).create();
        awaitPod("low-" + nodeName, CriticalPodsIT::isRunning);

        client.resource(asking("critical-" + nodeName, most, "system-node-critical")).create();

        Pod preempted =
                awaitPod("low-" + nodeName, pod -> "Failed".equals(pod.getStatus().getPhase()));
        assertThat(preempted.getStatus().getReason()).isEqualTo("Preempting");
        assertThat(preempted.getStatus().getConditions())
                .anyMatch(c ->
                        c.getType().equals("DisruptionTarget")
                                && c.getReason().equals("TerminationByKubelet"));
        awaitPod("critical-" + nodeName, CriticalPodsIT::isRunning);
    }

    private Quantity allocatableCpu() {
        Map<String, Quantity> allocatable =
                client.nodes().withName(nodeName).get().getStatus().getAllocatable();
        return Objects.requireNonNull(allocatable.get("cpu"));
    }

    private Pod asking(String name, Quantity cpu, @Nullable String priorityClass) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withNodeName(nodeName)
                .withPriorityClassName(priorityClass)
                .withTerminationGracePeriodSeconds(1L)
                .addNewContainer()
                .withName("main")
                .withImage("busybox:1.36")
                .withImagePullPolicy("IfNotPresent")
                .withCommand("sleep", "1000")
                .withNewResources()
                .addToRequests("cpu", cpu)
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }

    private void write(String word) throws IOException {
        Files.writeString(
                manifests.resolve("web.yaml"),
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: %s, labels: {word: %s}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - {name: main, image: 'busybox:1.36', imagePullPolicy: IfNotPresent, command: [sleep, '1000']}
                """
                        .formatted(NAMESPACE, word));
    }

    private String container() {
        return engine.listContainers(Filter.all(owner)).stream()
                .filter(ContainerStatus::running)
                .map(ContainerStatus::id)
                .findFirst()
                .orElse("none");
    }

    private Pod awaitPod(String name, Predicate<Pod> is) {
        await(name)
                .atMost(PATIENCE)
                .until(() -> {
                    Pod pod = read(name);
                    return pod != null && pod.getStatus() != null && is.test(pod);
                });
        return Objects.requireNonNull(read(name));
    }

    private @Nullable Pod read(String name) {
        return client.pods().inNamespace(NAMESPACE).withName(name).get();
    }

    private static boolean isRunning(Pod pod) {
        return "Running".equals(pod.getStatus().getPhase());
    }

    private static String mirrorOf(Pod pod) {
        return String.valueOf(
                pod.getMetadata().getAnnotations().get("kubernetes.io/config.mirror"));
    }
}
