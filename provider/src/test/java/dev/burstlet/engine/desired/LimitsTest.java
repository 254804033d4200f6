package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.container.Resources;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LimitsTest {
    private static final long MACHINE = 8 * Bundles.GI;

    @ParameterizedTest
    @CsvSource({
        "0, 2",
        "1, 2",
        "2, 2",
        "100, 102",
        "1000, 1024",
        "1500, 1536",
        "256000, 262144",
        "1000000, 262144"
    })
    void shares(long milliCpu, long expected) {
        assertThat(Limits.shares(milliCpu)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1000", "10, 1000", "11, 1100", "500, 50000", "2000, 200000"})
    void quota(long milliCpu, long expected) {
        assertThat(Limits.quota(milliCpu)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    containers: [{name: main}]                                                        | 2    | 0      | 0          | 1000
                    containers: [{name: main, resources: {requests: {cpu: 500m}}}]                    | 512  | 0      | 0          | 999
                    containers: [{name: main, resources: {limits: {cpu: 500m}}}]                      | 512  | 50000  | 0          | 999
                    containers: [{name: main, resources: {limits: {cpu: 2, memory: 1Gi}}}]            | 2048 | 200000 | 1073741824 | -997
                    containers: [{name: main, resources: {requests: {memory: 2Gi}}}]                  | 2    | 0      | 0          | 750
                    containers: [{name: main, resources: {requests: {memory: 8Gi}}}]                  | 2    | 0      | 0          | 3
                    containers: [{name: main, resources: {requests: {memory: 1Mi}}}]                  | 2    | 0      | 0          | 999
                    {priorityClassName: system-node-critical, containers: [{name: main}]}             | 2    | 0      | 0          | -997
                    {resources: {limits: {cpu: 1, memory: 2Gi}}, containers: [{name: main}]}          | 1024 | 100000 | 2147483648 | -997
                    {resources: {requests: {memory: 4Gi}}, containers: [{name: main}, {name: b}]}     | 2    | 0      | 0          | 750
                    """)
    void containers(String spec, long shares, long quota, long memory, int oomScoreAdj) {
        Pod pod = Bundles.pod(spec).build().pod();

        assertThat(Limits.container(pod, member(pod, "main"), MACHINE, 7))
                .isEqualTo(new Resources(shares, quota, 100000, memory, oomScoreAdj, 7));
    }

    @Test
    void aSidecarOutlivesWhatItServes() {
        Pod pod =
                Bundles.pod(
                                """
                                initContainers: [{name: side, restartPolicy: Always}, {name: once}]
                                containers: [{name: a, resources: {requests: {memory: 4Gi}}},
                                             {name: b, resources: {requests: {memory: 2Gi}}}]
                                """)
                        .build()
                        .pod();

        assertThat(Limits.oomScoreAdj(pod, member(pod, "a"), MACHINE)).isEqualTo(500);
        assertThat(Limits.oomScoreAdj(pod, member(pod, "b"), MACHINE)).isEqualTo(750);
        assertThat(Limits.oomScoreAdj(pod, member(pod, "side"), MACHINE)).isEqualTo(750);
        assertThat(Limits.oomScoreAdj(pod, member(pod, "once"), MACHINE)).isEqualTo(999);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    containers: [{name: a}]                                                                  | 2    | 0      | 0
                    containers: [{name: a, resources: {limits: {cpu: 1, memory: 1Gi}}}, {name: b, resources: {limits: {cpu: 1}}}] | 2048 | 200000 | 0
                    {overhead: {cpu: 500m, memory: 1Gi}, containers: [{name: a, resources: {limits: {cpu: 1, memory: 1Gi}}}]} | 1024 | 100000 | 1073741824
                    {resources: {limits: {memory: 3Gi}}, containers: [{name: a}]}                            | 2    | 0      | 3221225472
                    """)
    void sandboxes(String spec, long shares, long quota, long memory) {
        assertThat(Limits.sandbox(Bundles.pod(spec).build().pod().getSpec(), 0))
                .isEqualTo(new Resources(shares, quota, 100000, memory, -998, 0));
    }

    @Test
    void overheadIsToldBesideWhatTheContainersHave() {
        Pod with =
                Bundles.pod("{overhead: {cpu: 250m, memory: 320Mi}, containers: [{name: a}]}")
                        .build()
                        .pod();
        Pod without = Bundles.pod("containers: [{name: a}]").build().pod();

        assertThat(Limits.overhead(with.getSpec()))
                .isEqualTo(new Resources(256, 25000, 100000, 320L << 20, 0, 0));
        assertThat(Limits.overhead(without.getSpec())).isEqualTo(Resources.NONE);
    }

    @Test
    void extendedResourcesAreGivenAndUnknownOnesAreNot() {
        Pod pod =
                Bundles.container(
                                "resources: {limits: {nvidia.com/gpu: 1, cpu: 1, hugepages-2Mi: 2Mi}}")
                        .build()
                        .pod();
        var container = pod.getSpec().getContainers().getFirst();

        assertThat(Limits.unsupported(container)).isEqualTo("hugepages-2Mi");
    }

    private static PodSpecs.Member member(Pod pod, String name) {
        return PodSpecs.find(pod.getSpec(), name).orElseThrow();
    }
}
