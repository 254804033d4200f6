package dev.burstlet.app.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryUsage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When it pays to collect. */
class HeapGrowthTest {
    @ParameterizedTest
    @CsvSource({
        "50, 0, false",
        "97, 0, true",
        "140, 50, false",
        "147, 50, true",
        "1699, 1600, false",
        "1701, 1600, true",
        "3350, 3200, false",
        "3401, 3200, true",
        "900, 1600, false"
    })
    void isWhenASixteenthOfWhatWasAliveCameSinceOrAWave(long now, long alive, boolean due) {
        assertThat(HeapGrowth.isDue(mebibytes(now), mebibytes(alive))).isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource({"90, false", "100, true"})
    void countsFromNothingBeforeTheFirstTime(long now, boolean due) {
        assertThat(HeapGrowth.isDue(mebibytes(now), null)).isEqualTo(due);
    }

    private static MemoryUsage mebibytes(long used) {
        return new MemoryUsage(0, used << 20, used << 20, -1);
    }
}
