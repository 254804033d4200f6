package dev.burstlet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.metrics.v1beta1.ContainerMetrics;
import io.fabric8.kubernetes.api.model.metrics.v1beta1.PodMetrics;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The real metrics-server reads the kubelet API as its service account over verified TLS, and what
 * it makes of it is right: for people and for the autoscaler.
 */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class MetricsOnDockerIT {
    private static final double TOLERANCE = 0.1;

    /** A limit well below what the host has holds the usage steady. */
    private static final String BUSY =
            """
            containers:
              - name: main
                image: $IMAGE
                command: [sh, -c, "head -c 40000000 /dev/zero > /dev/shm/fill; while :; do :; done"]
                resources: {limits: {cpu: 150m, memory: 256Mi}}
            """;

    private static final String SCALED =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: scaled}
            spec:
              replicas: 1
              selector: {matchLabels: {app: scaled}}
              template:
                metadata: {labels: {app: scaled}}
                spec:
                  nodeName: $NODE
                  terminationGracePeriodSeconds: 1
                  containers:
                    - name: main
                      image: $IMAGE
                      command: [sh, -c, "while [ ! -e /tmp/idle ]; do :; done; sleep 10000 & wait"]
                      resources: {requests: {cpu: 20m}, limits: {cpu: 100m}}
            """;

    private static final String AUTOSCALER =
            """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: scaled}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}
              minReplicas: 1
              maxReplicas: 2
              metrics:
                - type: Resource
                  resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
              behavior:
                scaleUp: {stabilizationWindowSeconds: 0}
                scaleDown: {stabilizationWindowSeconds: 0}
            """;

    private Scene scene;

    @BeforeAll
    void load() {
        scene = World.get().scene();
        PodParts.create(scene, "busy", BUSY);
        scene.create(SCALED);
        scene.create(AUTOSCALER);
        World.get().controlPlane().metricsServer();
    }

    @AfterAll
    void end() {
        scene.close();
    }

    @Test
    void podsAreMeasuredAsByTheEngine() {
        String main = containerOfBusy();
        List<Docker.Usage> seen = new ArrayList<>();
        eventually(() -> {
            seen.add(World.get().docker().usage(main));
            PodMetrics told = scene.client().top().pods().metrics(scene.namespace(), "busy");
            assertThat(told.getContainers())
                    .extracting(ContainerMetrics::getName)
                    .containsExactly("main");
            Map<String, Quantity> usage = told.getContainers().getFirst().getUsage();
            double memory = seen.getLast().memory();
            assertThat(amount(usage, "memory")).isCloseTo(memory, within(TOLERANCE * memory));
            double cores = meanWithin(told, seen);
            assertThat(amount(usage, "cpu")).isCloseTo(cores, within(TOLERANCE * cores));
        });
        List<String> row = words(scene.kubectl("top", "pod", "busy", "--no-headers"));
        assertThat(row.get(0)).isEqualTo("busy");
        assertThat(row.get(1)).endsWith("m");
        assertThat(row.get(2)).endsWith("Mi");
    }

    /** The mean of what the engine told in the time that metrics-server speaks of. */
    private static double meanWithin(PodMetrics told, List<Docker.Usage> seen) {
        Instant end = Instant.parse(told.getTimestamp());
        Instant begin = end.minus(told.getWindow().getDuration());
        double[] cores =
                seen.stream()
                        .filter(usage -> usage.time().isAfter(begin) && usage.time().isBefore(end))
                        .mapToDouble(Docker.Usage::cores)
                        .toArray();
        assertThat(cores).as("looks at the engine within the window").hasSizeGreaterThan(1);
        return Arrays.stream(cores).average().orElseThrow();
    }

    @Test
    void theNodeIsMeasuredAsItsHost() {
        eventually(() -> {
            List<String> row =
                    words(World.get().kubectl("top", "node", World.NODE, "--no-headers"));
            double told = Double.parseDouble(row.get(3).replace("Mi", "")) * (1 << 20);
            double host = World.get().docker().workingSetOfHost();
            assertThat(told).isCloseTo(host, within(TOLERANCE * host));
        });
    }

    @Test
    void theAutoscalerFollowsTheLoad() {
        eventually(() -> assertThat(running()).hasSize(2));
        eventually(() -> {
            for (String pod : running()) {
                scene.kubectl("exec", pod, "--", "touch", "/tmp/idle").output();
            }
            assertThat(replicas()).isEqualTo(1);
        });
    }

    /** A measurement needs two readings ten seconds apart, and then a calm moment to agree. */
    private static void eventually(ThrowingRunnable check) {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(500))
                .ignoreException(KubernetesClientException.class)
                .untilAsserted(check);
    }

    private int replicas() {
        return scene.client()
                .apps()
                .deployments()
                .inNamespace(scene.namespace())
                .withName("scaled")
                .get()
                .getSpec()
                .getReplicas();
    }

    private List<String> running() {
        return scene.pods().stream()
                .filter(pod -> pod.getMetadata().getName().startsWith("scaled-"))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> "True".equals(Conditions.of(pod).get("Ready")))
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private String containerOfBusy() {
        String uid = scene.awaitReady("busy").getMetadata().getUid();
        return World.get().docker().containers(Docker.ofPod(uid)).values().iterator().next().id();
    }

    private static double amount(Map<String, Quantity> usage, String resource) {
        return Objects.requireNonNull(usage.get(resource), resource)
                .getNumericalAmount()
                .doubleValue();
    }

    private static List<String> words(Command command) {
        return List.of(command.output().strip().split(" +", -1));
    }
}
