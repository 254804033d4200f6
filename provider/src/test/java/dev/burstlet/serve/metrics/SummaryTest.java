package dev.burstlet.serve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.burstlet.pod.HostStats;
import dev.burstlet.pod.HostStats.Details;
import dev.burstlet.pod.HostStats.Filesystem;
import dev.burstlet.pod.HostStats.Network;
import dev.burstlet.pod.HostStats.Usage;
import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The fields of the Summary API, and the volumes' families, by one pod with all kinds of storage.
 */
class SummaryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final PodKey KEY = new PodKey("shop", "db", "u1");
    private static final Usage USAGE =
            new Usage(NOW, NOW.minusSeconds(9), 5L, 6L, 300L, 200L, 100L, 50L, 7L, 8L, 9L);

    private static final PodSpec SPEC =
            new PodSpecBuilder()
                    .addNewVolume()
                    .withName("data")
                    .withNewPersistentVolumeClaim()
                    .withClaimName("claim-1")
                    .endPersistentVolumeClaim()
                    .endVolume()
                    .addNewVolume()
                    .withName("scratch")
                    .withNewEmptyDir()
                    .endEmptyDir()
                    .endVolume()
                    .addNewVolume()
                    .withName("ram")
                    .withNewEmptyDir()
                    .withMedium("Memory")
                    .endEmptyDir()
                    .endVolume()
                    .build();

    private static Filesystem disk(long used) {
        return new Filesystem(NOW, 1000L, 5000L, used, 90L, 100L, 10L);
    }

    private static HostStats stats() {
        Network network =
                new Network(NOW, Map.of("eth0", new Network.Interface(1, 2L, 3, 4L, 5, 6L, 7, 8L)));
        HostStats.Container container =
                new HostStats.Container(
                        "main", "c1", "image", USAGE, disk(11), disk(22), Details.UNKNOWN);
        HostStats.Pod pod =
                new HostStats.Pod(
                        KEY,
                        USAGE,
                        network,
                        List.of(container),
                        Map.of("data", disk(100), "scratch", disk(1000), "ram", disk(10_000)));
        return new HostStats(USAGE, network, disk(1), disk(2), 4000L, List.of(pod));
    }

    private static JsonNode summary(boolean lean) throws IOException {
        Summary summary = new Summary("n1", InstantSource.fixed(NOW), _ -> Optional.of(SPEC));
        return new ObjectMapper().readTree(summary.json(stats(), lean));
    }

    @Test
    void nodesAreTold() throws IOException {
        JsonNode node = summary(false).path("node");

        assertThat(node.path("fs").path("usedBytes").asLong()).isEqualTo(1);
        assertThat(node.path("fs").path("inodesFree").asLong()).isEqualTo(90);
        assertThat(node.path("runtime").path("imageFs").path("usedBytes").asLong()).isEqualTo(2);
        assertThat(node.path("runtime").path("containerFs").path("capacityBytes").asLong())
                .isEqualTo(5000);
        assertThat(node.path("rlimit").path("maxpid").asLong()).isEqualTo(4000);
        assertThat(node.path("rlimit").path("curproc").asLong()).isEqualTo(9);
        assertThat(node.path("network").path("rxBytes").asLong()).isEqualTo(1);
    }

    @Test
    void volumesAreToldWithTheirClaims() throws IOException {
        JsonNode pod = summary(false).path("pods").path(0);

        assertThat(pod.path("volume")).hasSize(3);
        assertThat(pod.path("volume").path(0).path("name").asText()).isEqualTo("data");
        assertThat(pod.path("volume").path(0).path("usedBytes").asLong()).isEqualTo(100);
        assertThat(pod.path("volume").path(0).path("pvcRef").toString())
                .isEqualTo("{\"name\":\"claim-1\",\"namespace\":\"shop\"}");
        assertThat(pod.path("volume").path(1).has("pvcRef")).isFalse();
        assertThat(pod.path("network").path("interfaces").path(0).path("txBytes").asLong())
                .isEqualTo(5);
        assertThat(pod.path("containers").path(0).path("logs").path("usedBytes").asLong())
                .isEqualTo(22);
        assertThat(pod.path("containers").path(0).path("rootfs").path("usedBytes").asLong())
                .isEqualTo(11);
    }

    @Test
    void ephemeralStorageIsLayersLogsAndEmptyDirsOnDisk() throws IOException {
        JsonNode storage = summary(false).path("pods").path(0).path("ephemeral-storage");

        assertThat(storage.path("usedBytes").asLong()).isEqualTo(11 + 22 + 1000);
        assertThat(storage.path("capacityBytes").asLong()).isEqualTo(5000);
        assertThat(storage.path("inodesUsed").asLong()).isEqualTo(30);
    }

    @Test
    void leanOnesHaveCpuAndMemoryAlone() throws IOException {
        JsonNode pod = summary(true).path("pods").path(0);

        assertThat(pod.path("memory").path("workingSetBytes").asLong()).isEqualTo(200);
        assertThat(pod.has("volume")).isFalse();
        assertThat(pod.path("containers").path(0).has("rootfs")).isFalse();
        assertThat(summary(true).path("node").has("fs")).isFalse();
    }

    @Test
    void claimsHaveTheKubeletsFamilies() {
        String text = VolumeMetrics.of(stats(), _ -> Optional.of(SPEC));

        assertThat(text)
                .contains(
                        """
                        # TYPE kubelet_volume_stats_used_bytes gauge
                        kubelet_volume_stats_used_bytes{namespace="shop",persistentvolumeclaim="claim-1"} 100
                        """)
                .contains("kubelet_volume_stats_capacity_bytes")
                .contains("kubelet_volume_stats_inodes_free")
                .doesNotContain("scratch");
        assertThat(VolumeMetrics.of(stats(), _ -> Optional.empty())).isEmpty();
    }
}
