package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PodFieldsTest {
    @Test
    void stringsAreQuotedAsGoDoes() {
        assertThat(PodFields.quoted("plain")).isEqualTo("\"plain\"");
        assertThat(PodFields.quoted("a\"b\\c")).isEqualTo("\"a\\\"b\\\\c\"");
        assertThat(PodFields.quoted("\n\t\r\b\f\u0007\u000b"))
                .isEqualTo("\"\\n\\t\\r\\b\\f\\a\\v\"");
        assertThat(PodFields.quoted("\u0001\u007f")).isEqualTo("\"\\x01\\x7f\"");
        assertThat(PodFields.quoted("grün 日本 \ud83d\ude00")).isEqualTo("\"grün 日本 \ud83d\ude00\"");
        assertThat(PodFields.quoted("\u00a0\u200b\ue000")).isEqualTo("\"\\u00a0\\u200b\\ue000\"");
        assertThat(PodFields.quoted(Character.toString(0x10FFFF))).isEqualTo("\"\\U0010ffff\"");
    }
}
