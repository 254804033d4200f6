package dev.burstlet.app.cli;

import dev.burstlet.app.rehearse.Rehearsal;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Plays a node against a play API server, for the class cache. */
@Command(
        name = "rehearse",
        description = "Plays a node for a moment without a cluster.",
        hidden = true)
final class RehearseCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RehearseCommand.class);
    private static final long PATIENCE_SECONDS = 120;

    @Override
    public Integer call() throws InterruptedException {
        // A node waits for its API server for ever; what waits for the class cache does not.
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .execute(RehearseCommand::giveUp);
        Rehearsal.play();
        return ExitCode.OK;
    }

    private static void giveUp() {
        LOG.error("The rehearsal got nowhere in {} s", PATIENCE_SECONDS);
        Runtime.getRuntime().halt(ExitCode.SOFTWARE);
    }
}
