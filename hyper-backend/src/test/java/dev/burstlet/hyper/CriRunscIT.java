package dev.burstlet.hyper;

import dev.burstlet.container.Ability;
import java.util.Optional;

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
}
