package dev.burstlet.app.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code burstlet}, which only has subcommands. */
@Command(
        name = "burstlet",
        description =
                "Plays Kubernetes nodes and runs their pods on Docker hosts and CRI runtimes.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            DrainCommand.class,
            KeysCommand.class,
            SupportCommand.class,
            PlayCommand.class,
            RehearseCommand.class,
            AgentCommand.class,
            DoctorCommand.class
        })
public final class BurstletCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Runs a command line and returns its exit code. */
    public static int execute(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new BurstletCommand())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(new PlainErrors())
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is needed");
    }
}
