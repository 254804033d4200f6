package dev.burstlet.app.cli;

import dev.burstlet.app.compose.Doctor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks this host, and says what to do. */
@Command(
        name = "doctor",
        description =
                "Checks this host for what pods need: socket, version, handlers, KVM, network, tmpfs,"
                        + " disk, cgroups, clock, certificates; says what to do, changes nothing.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init")
    private EngineOptions engine;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "The authority of agents, to check as well.")
    private @Nullable Path ca;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "An agent's or a node's certificate, to check as well.")
    private @Nullable Path certificate;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Doctor doctor =
                new Doctor(
                        Path.of("/"),
                        InstantSource.system(),
                        finding -> {
                            out.println((finding.good() ? "ok    " : "WRONG ") + finding.text());
                            out.flush();
                        });
        doctor.engine(engine.node());
        doctor.clock();
        if (ca != null) {
            doctor.certificate("authority", ca);
        }
        if (certificate != null) {
            doctor.certificate("certificate", certificate);
        }
        return doctor.good() ? 0 : 1;
    }
}
