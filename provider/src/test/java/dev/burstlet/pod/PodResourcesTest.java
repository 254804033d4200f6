package dev.burstlet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PodResourcesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    containers: [{name: a}]                                                                  | BestEffort
                    containers: [{name: a, resources: {requests: {cpu: 1}}}]                                 | Burstable
                    containers: [{name: a, resources: {limits: {cpu: 1}}}]                                   | Burstable
                    containers: [{name: a, resources: {limits: {cpu: 1, memory: 1Gi}}}]                      | Guaranteed
                    containers: [{name: a, resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 1000m, memory: 1024Mi}}}] | Guaranteed
                    containers: [{name: a, resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 500m, memory: 1Gi}}}] | Burstable
                    containers: [{name: a, resources: {limits: {cpu: 1, memory: 1Gi}}}, {name: b}]           | Burstable
                    {containers: [{name: a, resources: {limits: {cpu: 1, memory: 1Gi}}}], initContainers: [{name: i}]} | Burstable
                    containers: [{name: a, resources: {requests: {cpu: 0, memory: 0}}}]                      | BestEffort
                    containers: [{name: a, resources: {limits: {ephemeral-storage: 1Gi}}}]                   | BestEffort
                    {resources: {limits: {cpu: 1, memory: 1Gi}}, containers: [{name: a}]}                    | Guaranteed
                    {resources: {requests: {cpu: 1}}, containers: [{name: a}]}                               | Burstable
                    """)
    void qosClass(String spec, String expected) {
        assertThat(PodResources.qosClass(spec(spec))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    containers: [{name: a, resources: {requests: {cpu: 1}}}, {name: b, resources: {requests: {cpu: 500m}}}] | 1500
                    {containers: [{name: a, resources: {requests: {cpu: 1}}}], initContainers: [{name: i, resources: {requests: {cpu: 2}}}, {name: j, resources: {requests: {cpu: 3}}}]} | 3000
                    {containers: [{name: a, resources: {requests: {cpu: 1}}}], initContainers: [{name: s, restartPolicy: Always, resources: {requests: {cpu: 1}}}]} | 2000
                    {containers: [{name: a, resources: {requests: {cpu: 1}}}], initContainers: [{name: s, restartPolicy: Always, resources: {requests: {cpu: 1}}}, {name: i, resources: {requests: {cpu: 2}}}]} | 3000
                    {containers: [{name: a, resources: {requests: {cpu: 1}}}], initContainers: [{name: i, resources: {requests: {cpu: 2}}}, {name: s, restartPolicy: Always, resources: {requests: {cpu: 1}}}]} | 2000
                    {overhead: {cpu: 250m}, containers: [{name: a, resources: {requests: {cpu: 1}}}]} | 1250
                    {overhead: {cpu: 250m}, resources: {requests: {cpu: 4}}, containers: [{name: a, resources: {requests: {cpu: 1}}}]} | 4250
                    containers: [{name: a, resources: {limits: {cpu: 2}}}] | 2000
                    """)
    void requestedMilliCpu(String spec, long expected) {
        assertThat(Quantities.millis(PodResources.requests(spec(spec)), PodResources.CPU))
                .isEqualTo(expected);
    }

    @Test
    void overheadIsAddedOnlyToALimit() {
        PodSpec spec =
                spec(
                        "{overhead: {cpu: 250m, memory: 1Mi}, containers: [{name: a, resources: {limits: {cpu: 1}}}]}");

        assertThat(PodResources.limits(spec))
                .containsExactly(Map.entry("cpu", new Quantity("1250m")));
    }

    @Test
    void aPodIsBoundedByEveryContainerOrByItself() {
        PodSpec one =
                spec("containers: [{name: a, resources: {limits: {memory: 1Gi}}}, {name: b}]");
        PodSpec itself =
                spec("{resources: {limits: {memory: 1Gi}}, containers: [{name: a}, {name: b}]}");

        assertThat(PodResources.bounded(one, PodResources.MEMORY)).isFalse();
        assertThat(PodResources.bounded(itself, PodResources.MEMORY)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1,     1, 1000",
        "100m,  1, 100",
        "1u, 1, 1",
        "1500m, 2, 1500",
        "1Ki, 1024, 1024000",
        "1e3, 1000, 1000000",
        "0, 0, 0",
        "1.5Gi, 1610612736, 1610612736000"
    })
    void quantitiesRoundUp(String text, long whole, long millis) {
        assertThat(Quantities.whole(new Quantity(text))).isEqualTo(whole);
        assertThat(Quantities.millis(new Quantity(text))).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "0.25, 250m", "1500, 1500", "0.0001, 1m", "1000000, 1000000"})
    void quantitiesArePlain(BigDecimal value, String expected) {
        assertThat(Quantities.of(value)).hasToString(expected);
    }

    private static PodSpec spec(String yaml) {
        return Yaml.read(yaml, PodSpec.class);
    }
}
