package dev.burstlet.app.cli;

import dev.burstlet.app.compose.Check;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks the configuration, the API server and every host, and changes nothing. */
@Command(
        name = "check",
        description =
                "Checks the configuration, the API server, our rights there and every host; changes nothing.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init")
    private NodeOptions nodes;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean good =
                Check.all(
                        nodes.configuration(),
                        finding -> {
                            out.println((finding.good() ? "ok    " : "WRONG ") + finding.text());
                            out.flush();
                        });
        return good ? 0 : 1;
    }
}
