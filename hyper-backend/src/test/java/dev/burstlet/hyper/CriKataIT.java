package dev.burstlet.hyper;

import dev.burstlet.container.Ability;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/**
 * Containers in virtual machines, the whole contract: a machine for each of a hundred tests, so
 * only where that is asked for. The deploy module's KataIT is a representative set.
 */
class CriKataIT extends CriContract {
    @Override
    String handler() {
        return "kata";
    }

    @Override
    protected Optional<String> lacks(Ability ability) {
        return switch (ability) {
            case TARGET_PID ->
                    Optional.of("a machine's containers have no processes in common; refused");
            case MEMORY_LIMIT -> Optional.of("the machine makes such a volume itself, unlimited");
            case STDIN_END -> Optional.of("Kata 4.1's shim loses what is written after that");
            default -> Optional.empty();
        };
    }

    @Override
    @Test
    public void attachJoinsTheProcessesStreams() {
        Assumptions.abort("Kata 4.1's shim may lose what is typed soon after other input");
    }

    @Override
    TestRuntime runtime() {
        return TestRuntime.given()
                .orElseThrow(() ->
                        new TestAbortedException(
                                "the whole contract runs in machines only where"
                                        + " BURSTLET_KATA_CONTRACT names a runtime's socket"));
    }
}
