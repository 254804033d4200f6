package dev.burstlet.app.cli;

import dev.burstlet.pod.FieldSupport;
import dev.burstlet.pod.Support;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists every field of a PodSpec and how far it works: the table that pods are refused by. */
@Command(
        name = "support",
        description = "Lists every field of a PodSpec and how far it works, in Markdown.",
        mixinStandardHelpOptions = true)
final class SupportCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** The table in Markdown. */
    static String table() {
        StringBuilder table =
                new StringBuilder("| field of spec | support | how |\n|---|---|---|\n");
        for (FieldSupport field : Support.fields()) {
            table.append("| `").append(field.path()).append("` | ");
            table.append(field.level().words()).append(" | ");
            table.append(field.words().replace("|", "\\|")).append(" |\n");
        }
        return table.toString();
    }

    @Override
    public void run() {
        spec.commandLine().getOut().print(table());
        spec.commandLine().getOut().flush();
    }
}
