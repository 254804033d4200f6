package dev.burstlet.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "grün", "\u007f\u0080", "日本"})
    void isItsBytesHoweverItCame(String text) {
        Content one = Content.utf8(text);
        Content other = Content.of(text.getBytes(UTF_8));

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(other).isEqualTo(one);
        assertThat(one.bytes()).isEqualTo(text.getBytes(UTF_8));
        assertThat(one.length()).isEqualTo(text.getBytes(UTF_8).length);
        assertThat(one).isNotEqualTo(Content.utf8(text + "x")).hasToString(one.length() + " bytes");
    }
}
