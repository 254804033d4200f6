package dev.burstlet.app.cli;

import dev.burstlet.app.compose.PlayedPods;
import dev.burstlet.app.config.ConfigurationException;
import dev.burstlet.app.play.Manifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code burstlet play}: runs a manifest's pods with no cluster at all. */
@Command(
        name = "play",
        description = {
            "Runs the pods of a manifest on an engine, with no cluster, until they end or this"
                    + " process is told to; then removes them.",
            "The file holds Pods, and the ConfigMaps and Secrets that they refer to."
        },
        mixinStandardHelpOptions = true)
final class PlayCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init")
    private EngineOptions engine;

    @Option(
            names = "--pod-subnet",
            paramLabel = "CIDR",
            description = "With --docker: the pods' subnet (default: chosen by the engine).")
    private @Nullable String podSubnet;

    @Parameters(paramLabel = "FILE", description = "The manifest.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Manifest manifest = manifest();
        PrintWriter out = spec.commandLine().getOut();
        AtomicBoolean told = new AtomicBoolean();
        PlayedPods pods =
                new PlayedPods(
                        engine.node(),
                        name(),
                        podSubnet,
                        line -> {
                            out.println(line);
                            out.flush();
                        });
        Thread main = Thread.currentThread();
        Shutdown.onSignal(() -> {
            if (told.compareAndSet(false, true)) {
                end(pods);
                main.interrupt();
            }
        });
        pods.play(manifest);
        boolean succeeded = pods.awaitEnd();
        if (told.compareAndSet(false, true)) {
            end(pods);
        }
        return succeeded ? 0 : 1;
    }

    private static void end(PlayedPods pods) {
        try (pods) {
            pods.remove();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Manifest manifest() {
        try {
            return Manifest.parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (ConfigurationException e) {
            throw new ConfigurationException(file + ": " + e.getMessage());
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e.getMessage());
        }
    }

    /** The same for the same file, however it is named. */
    private String name() {
        byte[] path = file.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
        return "play-" + UUID.nameUUIDFromBytes(path);
    }
}
