package dev.burstlet.app.cli;

import dev.burstlet.app.compose.Agents;
import dev.burstlet.app.compose.HeapGrowth;
import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.config.HostPort;
import dev.burstlet.container.Owner;
import dev.burstlet.engine.agent.AgentEndpoint;
import dev.burstlet.engine.agent.AgentSettings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Keeps the pods of one node on this host, for a control side elsewhere. */
@Command(
        name = "agent",
        description = {
            "Keeps the pods of one node on this host, for 'burstlet run --agent' elsewhere.",
            "Pods run on when this process ends; the next one takes them over."
        },
        footer = "%nThe agent is bound to the first node that claims it: docs/agent.md.",
        mixinStandardHelpOptions = true)
final class AgentCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init")
    private EngineOptions engine;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "0.0.0.0:10260",
            description = "Where to listen (default ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String listen;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            required = true,
            description = "PEM file of the authority of the control side's certificate.")
    @SuppressWarnings("NullAway.Init")
    private Path ca;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            required = true,
            description = "PEM file of this agent's certificate.")
    @SuppressWarnings("NullAway.Init")
    private Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "PEM file of its key.")
    @SuppressWarnings("NullAway.Init")
    private Path key;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "/var/lib/burstlet/agent",
            description = "Where the agent keeps whose it is (default ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Path state;

    @Option(
            names = "--client",
            paramLabel = "SUBJECT",
            description =
                    "The only subject that the control side's certificate may have, as"
                            + " CN=burst-1,O=burstlet:nodes (default: that of the first).")
    private @Nullable String client;

    @Option(
            names = "--cluster",
            paramLabel = "UID",
            description = "With --node: the only cluster it may be of, by its kube-system's UID.")
    private @Nullable String cluster;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "With --cluster: the only node it may be (default: the first).")
    private @Nullable String node;

    @Option(
            names = "--pod-subnet",
            paramLabel = "CIDR",
            description = "With --docker: the pods' subnet (default: chosen by the engine).")
    private @Nullable String podSubnet;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if ((cluster == null) != (node == null)) {
            throw new ConfigurationException("--cluster and --node go together");
        }
        HostPort at = HostPort.parse("--listen", listen);
        Agents.Running running =
                Agents.serve(
                        engine.node(),
                        new AgentSettings(
                                at.host(),
                                at.port(),
                                new AgentEndpoint.Tls(ca, certificate, key),
                                state,
                                cluster == null || node == null ? null : new Owner(cluster, node),
                                client,
                                podSubnet));
        HeapGrowth.watch();
        Shutdown shutdown = Shutdown.onSignal(running::close);
        var out = spec.commandLine().getOut();
        out.println(
                "burstlet agent listens on "
                        + at.host()
                        + ":"
                        + running.agent().port()
                        + "; owner: "
                        + running.agent().owner());
        out.flush();
        shutdown.await();
        return 0;
    }
}
