package dev.burstlet.engine.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {
    @Test
    void failsOnlyAfterTheThresholdInARow() {
        Tally tally = Tally.of(Tally.Standing.SUCCESS).next(false, 1, 3).next(false, 1, 3);
        assertThat(tally.standing()).isEqualTo(Tally.Standing.SUCCESS);
        assertThat(tally.next(true, 1, 3).next(false, 1, 3).next(false, 1, 3).standing())
                .isEqualTo(Tally.Standing.SUCCESS);
        assertThat(tally.next(false, 1, 3).standing()).isEqualTo(Tally.Standing.FAILURE);
    }

    @Test
    void succeedsOnlyAfterItsOwnThreshold() {
        Tally tally = Tally.of(Tally.Standing.FAILURE).next(true, 2, 3);
        assertThat(tally.standing()).isEqualTo(Tally.Standing.FAILURE);
        assertThat(tally.next(true, 2, 3).standing()).isEqualTo(Tally.Standing.SUCCESS);
    }

    @Test
    void theFirstOutcomeCountsAsOneWhateverItIs() {
        assertThat(Tally.of(Tally.Standing.UNKNOWN).next(false, 1, 1).standing())
                .isEqualTo(Tally.Standing.FAILURE);
        assertThat(Tally.of(Tally.Standing.UNKNOWN).next(true, 1, 3).standing())
                .isEqualTo(Tally.Standing.SUCCESS);
    }
}
