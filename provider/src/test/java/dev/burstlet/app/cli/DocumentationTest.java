package dev.burstlet.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What docs/ says of keys, flags and fields is what the program says. */
class DocumentationTest {
    private static final Path DOCS = Path.of("..", "docs");

    @Test
    void everyKeyIsDocumentedAsItIs() throws IOException {
        assertThat(Files.readString(DOCS.resolve("configuration.md")))
                .as("docs/configuration.md: put in what 'burstlet keys --markdown' prints")
                .contains(KeysCommand.table());
    }

    @Test
    void everyFieldOfAPodIsInTheSupportMatrix() throws IOException {
        assertThat(Files.readString(DOCS.resolve("support.md")))
                .as("docs/support.md: put in what 'burstlet support' prints")
                .contains(SupportCommand.table());
    }

    @Test
    void everyFlagIsDocumented() throws IOException {
        String document = Files.readString(DOCS.resolve("configuration.md"));
        CommandLine burstlet = BurstletCommand.commandLine();
        burstlet.getSubcommands()
                .forEach((name, command) -> {
                    for (OptionSpec option : command.getCommandSpec().options()) {
                        assertThat(document)
                                .as("burstlet " + name + " " + option.longestName())
                                .contains(option.longestName());
                    }
                });
    }

    @Test
    void helpNamesEveryCommand() {
        StringWriter out = new StringWriter();
        int exit = BurstletCommand.execute(new PrintWriter(out), new PrintWriter(out), "--help");
        assertThat(exit).isZero();
        assertThat(out.toString()).contains(List.of("run", "check", "drain", "keys", "support"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check"})
    void aCallWithoutANodeIsRefusedInOneLine(String command) {
        StringWriter err = new StringWriter();
        int exit =
                BurstletCommand.execute(
                        new PrintWriter(new StringWriter()), new PrintWriter(err), command);
        assertThat(exit).isEqualTo(2);
        assertThat(err.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).contains("--config").contains("--node");
    }

    @Test
    void fileAndFlagsDoNotMix() {
        StringWriter err = new StringWriter();
        int exit =
                BurstletCommand.execute(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err),
                        "check",
                        "--config",
                        "x",
                        "--node",
                        "n");
        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains("described by the file alone");
    }
}
