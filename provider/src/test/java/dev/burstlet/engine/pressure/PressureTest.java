package dev.burstlet.engine.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.HostFigures;
import dev.burstlet.container.HostFigures.Amount;
import dev.burstlet.engine.pressure.Candidate.ContainerUse;
import dev.burstlet.engine.pressure.Pressure.Shortage;
import dev.burstlet.pod.HostDescription.Pressures;
import dev.burstlet.pod.PodKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PressureTest {
    private static final long MIB = 1 << 20;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // memory, disk %, inodes %, image disk % | what is met, the first first
        "200, 50, 50, 50, ''",
        "99, 50, 50, 50, memory.available",
        "100, 10, 5, 15, ''",
        "200, 9, 50, 50, nodefs.available",
        "200, 50, 4, 50, nodefs.inodesFree",
        "200, 50, 50, 14, imagefs.available",
        "1, 1, 1, 1, 'memory.available nodefs.available nodefs.inodesFree imagefs.available'",
    })
    void kubeletsThresholdsAreMet(
            long memory, long disk, long inodes, long images, String expected) {
        HostFigures figures =
                new HostFigures(
                        new Amount(memory * MIB, 1000 * MIB),
                        new Amount(disk, 100),
                        new Amount(inodes, 100),
                        new Amount(images, 100),
                        null,
                        null);

        Pressure pressure = Pressure.NONE.next(EvictionRules.KUBELET, figures, NOW);

        assertThat(pressure.shortages().stream().map(s -> s.signal().key()))
                .containsExactly(expected.isEmpty() ? new String[0] : expected.split(" ", -1));
    }

    @Test
    void shortageIsToldForAWhileAfterItIsOver() {
        EvictionRules rules = EvictionRules.of(Map.of(), Duration.ofMinutes(5));
        Pressure shortOf = Pressure.NONE.next(rules, memory(50), NOW);
        Pressure later = shortOf.next(rules, memory(500), NOW.plusSeconds(299));
        Pressure over = later.next(rules, memory(500), NOW.plusSeconds(300));

        assertThat(shortOf.told().memory()).isEqualTo("memory.available is 50Mi, below 100Mi");
        assertThat(later.shortages()).isEmpty();
        assertThat(later.told().memory()).isNotEmpty();
        assertThat(over.told()).isEqualTo(Pressures.NONE);
    }

    @Test
    void nothingIsKnownOfAHostThatDoesNotTell() {
        assertThat(Pressure.NONE.next(EvictionRules.KUBELET, HostFigures.UNKNOWN, NOW))
                .isEqualTo(Pressure.NONE);
    }

    @Test
    void thresholdsAreReplacedOneByOne() {
        EvictionRules rules =
                EvictionRules.of(
                        Map.of("memory.available", "0%", "pid.available", "10%"), Duration.ZERO);

        assertThat(rules.thresholds()).noneMatch(t -> t.signal() == Signal.MEMORY_AVAILABLE);
        assertThat(rules.thresholds()).contains(new Threshold(Signal.PID_AVAILABLE, 0, 10));
        assertThat(rules.thresholds()).contains(new Threshold(Signal.NODEFS_AVAILABLE, 0, 10));
        assertThatThrownBy(() -> EvictionRules.of(Map.of("cpu", "1"), Duration.ZERO))
                .hasMessage("cpu: no eviction signal");
        assertThatThrownBy(() -> EvictionRules.of(Map.of("pid.available", "x%"), Duration.ZERO))
                .hasMessageStartingWith("pid.available: 'x%'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # name priority usage request, in Mi, the order expected
                    a 0 10 20, b 0 30 20       | b a
                    a 9 30 20, b 0 30 20       | b a
                    a 0 30 20, b 0 50 20       | b a
                    a 0 10 0, b 5 90 80, c 0 5 9 | a b c
                    a 0 5 9, b 1 5 9, c 0 8 9  | c a b
                    a 2000000000 90 0, b 0 1 9 | b
                    a 0 -1 9, b 0 90 0         | a b
                    """)
    void podsGoInTheKubeletsOrderForMemory(String pods, String order) {
        List<Candidate> candidates =
                java.util.Arrays.stream(pods.split(", ", -1)).map(PressureTest::candidate).toList();

        assertThat(
                        Ranking.of(Signal.MEMORY_AVAILABLE, candidates).stream()
                                .map(c -> c.key().name()))
                .containsExactly(order.split(" ", -1));
    }

    @Test
    void processesCountAfterPriority() {
        List<Candidate> candidates =
                List.of(candidate("a 1 90 0"), candidate("b 0 2 0"), candidate("c 0 7 0"));

        assertThat(Ranking.of(Signal.PID_AVAILABLE, candidates).stream().map(c -> c.key().name()))
                .containsExactly("c", "b", "a");
    }

    @Test
    void messageIsTheKubelets() {
        Candidate pod =
                new Candidate(
                        key("p"),
                        0,
                        false,
                        true,
                        60 * MIB,
                        10 * MIB,
                        List.of(
                                new ContainerUse("big", 50 * MIB, 0),
                                new ContainerUse("small", 10 * MIB, 10 * MIB)));

        assertThat(Ranking.message(new Shortage(Signal.MEMORY_AVAILABLE, 50 * MIB, 100 * MIB), pod))
                .isEqualTo(
                        "The node was low on resource: memory. Threshold quantity: 100Mi,"
                                + " available: 50Mi. Container big was using 50Mi, request is 0,"
                                + " has larger consumption of memory. ");
    }

    /** A usage below zero is not known. */
    private static Candidate candidate(String text) {
        String[] parts = text.split(" ", -1);
        long usage = Long.parseLong(parts[2]);
        int priority = Integer.parseInt(parts[1]);
        return new Candidate(
                key(parts[0]),
                priority,
                priority >= 2_000_000_000,
                usage >= 0,
                Math.max(0, usage) * MIB,
                Long.parseLong(parts[3]) * MIB,
                List.of());
    }

    private static PodKey key(String name) {
        return new PodKey("default", name, "uid-" + name);
    }

    private static HostFigures memory(long mib) {
        return new HostFigures(new Amount(mib * MIB, 1000 * MIB), null, null, null, null, null);
    }
}
