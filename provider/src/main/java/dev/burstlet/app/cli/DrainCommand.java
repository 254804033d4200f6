package dev.burstlet.app.cli;

import dev.burstlet.app.compose.Drain;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells the process that plays a node to call it not ready, or takes that back. */
@Command(
        name = "drain",
        description = {
            "Has a node say NotReady with a reason and take no new pods, or takes that back.",
            "Works through the API server, whichever process plays the node."
        },
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "As for 'run'.")
    private @Nullable Path kubeconfig;

    @Option(names = "--node", paramLabel = "NAME", required = true, description = "The node.")
    @SuppressWarnings("NullAway.Init")
    private String node;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "burstlet drain",
            description = "Shown in the node's condition (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String reason;

    @Option(names = "--undo", description = "Takes it back.")
    private boolean undo;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        Drain.node(kubeconfig, node, undo ? null : reason);
        spec.commandLine()
                .getOut()
                .println("node " + node + (undo ? " takes pods again" : " is drained: " + reason));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
