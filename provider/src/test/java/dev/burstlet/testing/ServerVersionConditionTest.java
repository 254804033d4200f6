package dev.burstlet.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerVersionConditionTest {
    @ParameterizedTest
    @CsvSource({"1.35,1.36,false", "1.35,1.35,false", "1.35,1.34,true", "1.9,1.10+,false"})
    void aTestIsSkippedOnAnOlderServerOnly(String needed, String server, boolean skipped) {
        var verdict = ServerVersionCondition.verdict(needed, server);

        assertThat(verdict.isDisabled()).isEqualTo(skipped);
        assertThat(verdict.getReason().orElse("")).contains(server);
    }
}
