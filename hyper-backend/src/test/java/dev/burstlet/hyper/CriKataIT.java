package dev.burstlet.hyper;

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
    TestRuntime runtime() {
        return TestRuntime.given()
                .orElseThrow(() ->
                        new TestAbortedException(
                                "the whole contract runs in machines only where"
                                        + " BURSTLET_KATA_CONTRACT names a runtime's socket"));
    }
}
