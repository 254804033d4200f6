package dev.burstlet.app.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
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
        versionProvider = Version.class)
public final class BurstletCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /**
     * A command line with its subcommands: the one that is asked for, or all of them. Each costs
     * time to look at, which a start does not have.
     */
    static CommandLine commandLine(String... args) {
        Map<String, Supplier<Object>> all = subcommands();
        CommandLine line = new CommandLine(new BurstletCommand());
        Supplier<Object> asked = args.length == 0 ? null : all.get(args[0]);
        if (asked == null) {
            all.values().forEach(command -> line.addSubcommand(command.get()));
        } else {
            line.addSubcommand(asked.get());
        }
        return line;
    }

    private static Map<String, Supplier<Object>> subcommands() {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("run", RunCommand::new);
        all.put("check", CheckCommand::new);
        all.put("drain", DrainCommand::new);
        all.put("keys", KeysCommand::new);
        all.put("support", SupportCommand::new);
        all.put("play", PlayCommand::new);
        all.put("rehearse", RehearseCommand::new);
        all.put("agent", AgentCommand::new);
        all.put("doctor", DoctorCommand::new);
        return all;
    }

    /** Runs a command line and returns its exit code. */
    public static int execute(PrintWriter out, PrintWriter err, String... args) {
        return commandLine(args)
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
