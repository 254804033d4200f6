package dev.burstlet.app.cli;

import dev.burstlet.app.compose.Burstlet;
import dev.burstlet.app.compose.HeapGrowth;
import dev.burstlet.app.config.Configuration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plays the configured nodes until the process is told to end. */
@Command(
        name = "run",
        description = {
            "Plays the nodes until told to end by SIGTERM or Ctrl-C.",
            "Pods run on when this process ends; the next one takes them over."
        },
        footer = "%nThe keys of the configuration file are listed by 'burstlet keys'.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init")
    private NodeOptions nodes;

    @Option(
            names = "--drain",
            description =
                    "When told to end, say that the nodes are not ready, with the reason. Without it the"
                            + " nodes' conditions are left as they are, as for a short restart.")
    private boolean drain;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Configuration configuration = nodes.configuration();
        Burstlet burstlet = Burstlet.start(configuration, flags());
        HeapGrowth.watch();
        Shutdown shutdown =
                Shutdown.onSignal(() -> {
                    if (drain) {
                        burstlet.drain("burstlet was told to end with --drain");
                    }
                    burstlet.close();
                });
        spec.commandLine()
                .getOut()
                .println("burstlet plays " + String.join(", ", burstlet.nodeNames()));
        spec.commandLine().getOut().flush();
        shutdown.await();
        return 0;
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new HashMap<>();
        for (OptionSpec option : spec.options()) {
            Object value = option.getValue();
            if (value != null) {
                flags.put(option.longestName().replaceFirst("^--", ""), value.toString());
            }
        }
        return flags;
    }
}
