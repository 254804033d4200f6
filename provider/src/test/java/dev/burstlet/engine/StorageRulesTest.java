package dev.burstlet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.DiskUsage;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StorageRulesTest {
    private static final long MEBIBYTE = 1 << 20;

    private static final PodSpec SPEC =
            Serialization.unmarshal(
                    """
                    containers:
                      - {name: a, resources: {limits: {ephemeral-storage: 2Mi}}}
                      - {name: b, resources: {limits: {ephemeral-storage: 4Mi}}}
                      - {name: c}
                    volumes:
                      - {name: disk, emptyDir: {sizeLimit: 1Mi}}
                      - {name: free, emptyDir: {}}
                      - {name: memory, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
                    """,
                    PodSpec.class);

    @Test
    void nothingIsExceededAtTheLimit() {
        DiskUsage usage =
                new DiskUsage(
                        Map.of("a", 2 * MEBIBYTE),
                        Map.of(),
                        Map.of("disk", MEBIBYTE, "free", 3 * MEBIBYTE));
        assertThat(StorageRules.exceeded(SPEC, usage)).isEmpty();
        assertThat(StorageRules.exceeded(SPEC, DiskUsage.UNKNOWN)).isEmpty();
    }

    @Test
    void aContainersLogsCount() {
        DiskUsage usage = new DiskUsage(Map.of("a", 2 * MEBIBYTE), Map.of("a", MEBIBYTE), Map.of());

        assertThat(usage.total()).isEqualTo(3 * MEBIBYTE);
        assertThat(StorageRules.exceeded(SPEC, usage).orElseThrow()).startsWith("Container a");
    }

    @Test
    void aVolumeBeyondItsSizeLimitIsSaidFirst() {
        DiskUsage usage =
                new DiskUsage(Map.of("a", 3 * MEBIBYTE), Map.of(), Map.of("disk", MEBIBYTE + 1));
        assertThat(StorageRules.exceeded(SPEC, usage))
                .contains("Usage of EmptyDir volume \"disk\" exceeds the limit \"1Mi\". ");
    }

    @Test
    void thePodsWholeUsageCounts() {
        DiskUsage usage =
                new DiskUsage(Map.of("c", 3 * MEBIBYTE), Map.of(), Map.of("free", 4 * MEBIBYTE));
        assertThat(StorageRules.exceeded(SPEC, usage))
                .contains(
                        "Pod ephemeral local storage usage exceeds the total limit of containers"
                                + " 6Mi. ");
    }

    @Test
    void aContainerHasALimitOfItsOwn() {
        assertThat(
                        StorageRules.exceeded(
                                SPEC, new DiskUsage(Map.of("a", 3 * MEBIBYTE), Map.of(), Map.of())))
                .contains("Container a exceeded its local ephemeral storage limit \"2Mi\". ");
    }

    @Test
    void onlyPodsWithLimitsAreMeasured() {
        assertThat(StorageRules.limited(SPEC)).isTrue();
        PodSpec free =
                Serialization.unmarshal(
                        """
                        containers: [{name: a}]
                        volumes: [{name: memory, emptyDir: {medium: Memory, sizeLimit: 1Mi}}]
                        """,
                        PodSpec.class);
        assertThat(StorageRules.limited(free)).isFalse();
    }
}
