package dev.burstlet.sync.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.burstlet.pod.PodKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreemptionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # others: name class cpu | cpus lacking | who goes
                    a burstable 1, b burstable 2                    | 2   | b
                    a burstable 2, b burstable 3                    | 2   | a
                    a burstable 1, b burstable 1                    | 2   | a b
                    a guaranteed 4, b burstable 1                   | 1   | b
                    a guaranteed 4, b burstable 1                   | 2   | a
                    a guaranteed 4, b burstable 1                   | 5   | b a
                    a guaranteed 1, b guaranteed 3, c burstable 2   | 3   | c a
                    """)
    void asFewAsCanBeOfTheBetterClassesGo(String others, String lacking, String expected) {
        List<Pod> pods = Arrays.stream(others.split(", ", -1)).map(PreemptionTest::other).toList();

        Verdict verdict = Preemption.of(critical(), List.of(lack(lacking)), pods);

        assertThat(verdict).isInstanceOf(Verdict.Preempts.class);
        assertThat(((Verdict.Preempts) verdict).victims().stream().map(PodKey::name))
                .containsExactly(expected.split(" ", -1));
    }

    @Test
    void criticalPodsMakeNoWay() {
        Pod other = other("a burstable 4");
        other.getSpec().setPriority(2_000_000_000);

        Verdict verdict = Preemption.of(critical(), List.of(lack("1")), List.of(other));

        assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
        assertThat(((Verdict.Rejected) verdict).message())
                .endsWith(
                        "no set of running pods found to reclaim resources: [(res: cpu, q: 1000), ]");
    }

    private static Room.Lack lack(String cpus) {
        return new Room.Lack("cpu", new BigDecimal(cpus), BigDecimal.ZERO, BigDecimal.ZERO);
    }

    private static Pod critical() {
        Pod pod = other("critical burstable 1");
        pod.getSpec().setPriority(2_000_000_000);
        return pod;
    }

    private static Pod other(String text) {
        String[] parts = text.split(" ", -1);
        String limits =
                parts[1].toLowerCase(Locale.ROOT).equals("guaranteed")
                        ? "limits: {cpu: %s, memory: 1Mi}, ".formatted(parts[2])
                        : "";
        return Serialization.unmarshal(
                """
                metadata: {name: %s, namespace: default, uid: %s}
                spec:
                  priority: 0
                  containers: [{name: c, resources: {%srequests: {cpu: %s, memory: 1Mi}}}]
                """
                        .formatted(parts[0], parts[0], limits, parts[2]),
                Pod.class);
    }
}
