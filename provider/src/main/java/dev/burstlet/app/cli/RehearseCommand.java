package dev.burstlet.app.cli;

import dev.burstlet.app.rehearse.Rehearsal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Plays a node against a play API server, for the class cache. */
@Command(
        name = "rehearse",
        description = "Plays a node for a moment without a cluster.",
        hidden = true)
final class RehearseCommand implements Callable<Integer> {
    @Override
    public Integer call() throws InterruptedException {
        Rehearsal.play();
        return 0;
    }
}
