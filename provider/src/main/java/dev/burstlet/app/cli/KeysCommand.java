package dev.burstlet.app.cli;

import dev.burstlet.app.config.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists every key of the configuration file. */
@Command(
        name = "keys",
        description = "Lists every key of the configuration file.",
        mixinStandardHelpOptions = true)
final class KeysCommand implements Runnable {
    @Option(names = "--markdown", description = "As a table for the documentation.")
    boolean markdown;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().print(markdown ? table() : Keys.text());
        spec.commandLine().getOut().flush();
    }

    /** The table in Markdown. */
    static String table() {
        StringBuilder table = new StringBuilder("| key | meaning | default |\n|---|---|---|\n");
        for (Keys.Entry entry : Keys.all()) {
            table.append("| `")
                    .append(entry.path())
                    .append("` | ")
                    .append(entry.meaning())
                    .append(" | ");
            table.append(entry.byDefault().isEmpty() ? "" : "`" + entry.byDefault() + "`")
                    .append(" |\n");
        }
        return table.toString();
    }
}
