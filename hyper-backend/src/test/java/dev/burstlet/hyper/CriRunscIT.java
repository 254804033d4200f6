package dev.burstlet.hyper;

import dev.burstlet.container.Ability;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Containers on gVisor's kernel. */
class CriRunscIT extends CriContract {
    @Override
    String handler() {
        return "runsc";
    }

    @Override
    protected Optional<String> lacks(Ability ability) {
        return switch (ability) {
            case OUT_OF_MEMORY ->
                    Optional.of("gVisor ends the whole sandbox; the limit is the sandbox's");
            case RESIZE -> Optional.of("runsc has no limits of single containers to change");
            case TARGET_PID ->
                    Optional.of("gVisor cannot join another container's processes; refused");
            default -> Optional.empty();
        };
    }

    /**
     * Where Linux lets the callers wait, gVisor resets those that a full backlog has no room for.
     */
    @Override
    public int connectionsAtOnce() {
        return 2;
    }

    /** With Debian's runsc under the shim made for runc, such a start sometimes never returns. */
    @Override
    @Test
    public void terminalHasOneOutput() {
        Assumptions.abort(
                "runsc under runc's shim may not return from the start of a short process on a terminal");
    }
}
