package dev.burstlet.hyper;

import org.opentest4j.TestAbortedException;

/** Containers in virtual machines; only where a runtime that has them is given. */
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
                                "Kata runs only where BURSTLET_CRI_SOCKET names a runtime"
                                        + " that has it"));
    }
}
