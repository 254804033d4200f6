package dev.burstlet.deploy;

import static dev.burstlet.deploy.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.burstlet.testing.ControlPlaneExtension;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The Summary API and cAdvisor's rarer families of a pod with every kind of volume, on Docker. */
@ExtendWith({ControlPlaneExtension.class, DockerExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
class SummaryOnDockerIT {
    private static final long WRITTEN = 3_000_000;

    private Scene scene;
    private String token;

    @BeforeAll
    void pod() {
        scene = World.get().scene();
        claim();
        scene.create(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: words}\ndata: {word: hello}\n");
        PodParts.create(
                scene,
                "stored",
                """
                containers:
                  - name: main
                    image: $IMAGE
                    command:
                      - sh
                      - -c
                      - |
                        for to in /disk /ram /claim; do head -c 3000000 /dev/zero > $to/file; done
                        head -c 3000000 /dev/zero > /layer
                        for i in 1 2 3 4 5 6 7 8 9; do echo line $i; done
                        touch /written
                        while :; do :; done
                    readinessProbe: {exec: {command: [test, -e, /written]}, periodSeconds: 1}
                    resources: {limits: {cpu: 50m, memory: 64Mi}}
                    volumeMounts:
                      - {name: disk, mountPath: /disk}
                      - {name: ram, mountPath: /ram}
                      - {name: words, mountPath: /words}
                      - {name: claim, mountPath: /claim}
                volumes:
                  - {name: disk, emptyDir: {}}
                  - {name: ram, emptyDir: {medium: Memory}}
                  - {name: words, configMap: {name: words}}
                  - {name: claim, persistentVolumeClaim: {claimName: kept}}
                """);
        scene.awaitReady("stored");
        scene.create("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: reads}\n");
        String name = "reads-" + scene.namespace();
        World.get()
                .kubectl(
                        "create",
                        "clusterrole",
                        name,
                        "--verb=get",
                        "--resource=nodes/metrics,nodes/stats")
                .output();
        World.get()
                .kubectl(
                        "create",
                        "clusterrolebinding",
                        name,
                        "--clusterrole=" + name,
                        "--serviceaccount=" + scene.namespace() + ":reads")
                .output();
        token = scene.kubectl("create", "token", "reads").output().strip();
    }

    private void claim() {
        String volume = "kept-" + scene.namespace();
        scene.client()
                .resource(
                        new PersistentVolumeBuilder()
                                .withNewMetadata()
                                .withName(volume)
                                .addToAnnotations("burstlet.dev/volume-driver", "local")
                                .endMetadata()
                                .withNewSpec()
                                .withStorageClassName("none")
                                .withAccessModes("ReadWriteOnce")
                                .addToCapacity("storage", new Quantity("1Gi"))
                                .withNewHostPath("/nowhere", "")
                                .endSpec()
                                .build())
                .create();
        scene.client()
                .resource(
                        new PersistentVolumeClaimBuilder()
                                .withNewMetadata()
                                .withNamespace(scene.namespace())
                                .withName("kept")
                                .endMetadata()
                                .withNewSpec()
                                .withStorageClassName("none")
                                .withVolumeName(volume)
                                .withAccessModes("ReadWriteOnce")
                                .withNewResources()
                                .addToRequests("storage", new Quantity("1Gi"))
                                .endResources()
                                .endSpec()
                                .build())
                .create();
    }

    @AfterAll
    void end() {
        String volume = "kept-" + scene.namespace();
        scene.closeAndAwait();
        scene.client().persistentVolumes().withName(volume).delete();
        Command.run(Map.of(), "docker", "volume", "rm", "-f", volume);
    }

    /** A look that came before all was written is repeated after a minute. */
    @Test
    void volumesLogsAndLayersAreMeasured() {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(this::storageIsMeasured);
    }

    private void storageIsMeasured() throws IOException {
        JsonNode pod = pod(summary());
        assertThat(used(volume(pod, "disk"))).isGreaterThanOrEqualTo(WRITTEN);
        assertThat(used(volume(pod, "ram"))).isGreaterThanOrEqualTo(WRITTEN);
        assertThat(used(volume(pod, "words"))).isPositive();
        JsonNode claim = volume(pod, "claim");
        assertThat(claim.path("pvcRef").path("name").asText()).isEqualTo("kept");
        assertThat(claim.path("capacityBytes").asLong()).isPositive();
        JsonNode container = pod.path("containers").get(0);
        assertThat(used(container.path("rootfs"))).isGreaterThanOrEqualTo(WRITTEN);
        assertThat(container.path("rootfs").path("capacityBytes").asLong()).isPositive();
        assertThat(used(container.path("logs"))).isGreaterThan(60);
        assertThat(used(pod.path("ephemeral-storage"))).isGreaterThanOrEqualTo(2 * WRITTEN);
        assertThat(pod.path("network").path("rxBytes").isNumber()).isTrue();
    }

    @Test
    void nodesAreMeasured() throws IOException {
        JsonNode node = summary().path("node");

        assertThat(node.path("fs").path("capacityBytes").asLong()).isPositive();
        assertThat(node.path("fs").path("inodesFree").asLong()).isPositive();
        assertThat(node.path("runtime").path("imageFs").path("availableBytes").asLong())
                .isPositive();
        assertThat(node.path("rlimit").path("maxpid").asLong()).isPositive();
        assertThat(node.path("rlimit").path("curproc").asLong()).isPositive();
        assertThat(node.path("network").path("interfaces")).isNotEmpty();
    }

    @Test
    void dashboardsFindThrottlingDisksAndClaims() {
        String labels = "container=\"main\"";
        eventually(() -> {
            String cadvisor = get("/metrics/cadvisor");
            for (String family :
                    java.util.List.of(
                            "container_cpu_cfs_periods_total",
                            "container_cpu_cfs_throttled_periods_total",
                            "container_cpu_cfs_throttled_seconds_total",
                            "container_cpu_user_seconds_total",
                            "container_memory_cache",
                            "container_threads",
                            "container_fs_usage_bytes",
                            "container_spec_cpu_quota")) {
                assertThat(cadvisor.lines())
                        .as(family)
                        .anyMatch(line ->
                                line.startsWith(family + "{")
                                        && line.contains(labels)
                                        && line.contains(scene.namespace()));
            }
            assertThat(get("/metrics"))
                    .contains(
                            "kubelet_volume_stats_used_bytes{namespace=\"%s\",persistentvolumeclaim=\"kept\"}"
                                    .formatted(scene.namespace()));
        });
    }

    private JsonNode pod(JsonNode summary) {
        for (JsonNode pod : summary.path("pods")) {
            if (pod.path("podRef").path("namespace").asText().equals(scene.namespace())) {
                return pod;
            }
        }
        throw new AssertionError("no pod of " + scene.namespace());
    }

    private static JsonNode volume(JsonNode pod, String name) {
        for (JsonNode volume : pod.path("volume")) {
            if (volume.path("name").asText().equals(name)) {
                return volume;
            }
        }
        return MissingNode.getInstance();
    }

    private static long used(JsonNode filesystem) {
        return filesystem.path("usedBytes").asLong(-1);
    }

    private JsonNode summary() throws IOException {
        return new ObjectMapper().readTree(get("/stats/summary"));
    }

    private String get(String path) {
        int port =
                World.get()
                        .client()
                        .nodes()
                        .withName(World.NODE)
                        .get()
                        .getStatus()
                        .getDaemonEndpoints()
                        .getKubeletEndpoint()
                        .getPort();
        return Command.run(
                        Map.of(),
                        "curl",
                        "-sf",
                        "--cacert",
                        World.get().controlPlane().authority().toString(),
                        "-H",
                        "Authorization: Bearer " + token,
                        "https://127.0.0.1:" + port + path)
                .output();
    }
}
