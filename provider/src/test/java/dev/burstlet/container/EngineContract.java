package dev.burstlet.container;

/** What the parts of the contract test have in common. */
public interface EngineContract {
    /** Where a test makes its pods. */
    Workbench bench();

    /** Skips the test where the engine says that it lacks this. */
    void needs(Ability ability);
}
