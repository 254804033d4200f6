package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExpansionTest {
    private static final Map<String, String> VARIABLES =
            Map.of("A", "1", "B", "2", "EMPTY", "", "REF", "$(A)", "a.b-c", "dotted");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            textBlock =
                    """
                    plain            | plain
                    $(A)             | 1
                    x$(A)y$(B)z      | x1y2z
                    $(EMPTY)x        | x
                    $(NONE)          | $(NONE)
                    $$               | $
                    $$(A)            | $(A)
                    $$$(A)           | $1
                    $$$$(A)          | $$(A)
                    $(REF)           | $(A)
                    $(a.b-c)         | dotted
                    $(A              | $(A
                    $(A$(B)          | $(A$(B)
                    $()              | $()
                    $                | $
                    a$               | a$
                    $A               | $A
                    ${A}             | ${A}
                    $(A))            | 1)
                    (A)              | (A)
                    $ (A)            | $ (A)
                    """)
    void expandsAsTheApiSays(String text, String expected) {
        assertThat(Expansion.expand(text, VARIABLES::get)).isEqualTo(expected);
    }
}
