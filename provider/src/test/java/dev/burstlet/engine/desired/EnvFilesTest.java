package dev.burstlet.engine.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.pod.PodBundle;
import io.fabric8.kubernetes.api.model.Container;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvFilesTest {
    @Test
    void readsDeclarationsCommentsAndValuesOverLines() {
        assertThat(
                        EnvFileText.parse(
                                """
                                # said first

                                  A='a'
                                B = ' $(A) \\n "x" # no comment ' \t
                                MULTI='one
                                # two
                                 three'
                                EMPTY=''
                                A='again'\
                                """))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "A", "again",
                                "B", " $(A) \\n \"x\" # no comment ",
                                "MULTI", "one\n# two\n three",
                                "EMPTY", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    A=value          | line 3: its value is not in single quotes
                    A="value"        | line 3: its value is not in single quotes
                    A=               | line 3: its value is not in single quotes
                    A='a''b'         | line 3: there is something after the value's closing quote
                    A='a'$B          | line 3: there is something after the value's closing quote
                    A='a' # told     | line 3: there is something after the value's closing quote
                    A='a             | line 3: the value's closing quote is missing
                    export A='a'     | line 3: its name is not of printable ASCII characters
                    A                | line 3: it is no declaration NAME='value'
                    ='a'             | line 3: its name is not of printable ASCII characters
                    """)
    void whatAShellWouldReadOtherwiseIsRefused(String line, String message) {
        assertThatThrownBy(() -> EnvFileText.parse("X='1\n2'\n" + line)).hasMessage(message);
    }

    @Test
    void aVariableHasTheFilesValueAsItIs() {
        assertThat(of("{key: A, path: e.env, volumeName: v}", "A='$(X) b'")).isEqualTo("$(X) b");
    }

    @Test
    void anEmptyValueIsAValue() {
        assertThat(of("{key: A, path: e.env, volumeName: v}", "A=''")).isEmpty();
    }

    @Test
    void whatIsMissingFailsUnlessItIsOptional() {
        String reference = "{key: B, path: e.env, volumeName: v%s}";
        for (String file : new @Nullable String[] {"A='a'", null}) {
            assertThat(of(reference.formatted(", optional: true"), file)).isNull();
            assertThatThrownBy(() -> of(reference.formatted(""), file))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("environment variable key \"B\" not found in file \"e.env\"");
        }
    }

    @Test
    void aFileThatCannotBeReadFailsEvenWhereItIsOptional() {
        String reference = "{key: A, path: e.env, volumeName: v, optional: true}";
        assertThatThrownBy(() -> of(reference, "A=secret"))
                .hasMessage(
                        "couldn't parse env file e.env: line 1: its value is not in single quotes");
        assertThatThrownBy(() -> of(reference, " ".repeat(EnvFiles.LIMIT_BYTES + 1)))
                .hasMessageStartingWith("couldn't parse env file e.env: longer than");
    }

    private static @Nullable String of(String reference, @Nullable String file) {
        PodBundle bundle =
                Bundles.container(
                                "env: [{name: GOT, valueFrom: {fileKeyRef: %s}}]"
                                        .formatted(reference))
                        .build();
        Container container = bundle.pod().getSpec().getContainers().getFirst();
        EnvFiles files =
                EnvFiles.read(
                        container,
                        source -> {
                            assertThat(source).isEqualTo(new EnvFiles.Source("v", "e.env"));
                            return file == null ? null : file.getBytes(StandardCharsets.UTF_8);
                        });
        return Environment.of(bundle, container, List.of(), files, TranslationSettings.DEFAULT)
                .get("GOT");
    }
}
