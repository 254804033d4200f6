package dev.burstlet.container;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link ContainerEngine} owes, tried on a running one. A subclass names the engine, an
 * image and an owner; what the engine cannot do it says by {@link #lacks}, and those tests are
 * skipped with its words.
 */
@Timeout(120)
public abstract class ContainerEngineContract
        implements SandboxContract,
                ContainerContract,
                EndContract,
                VolumeContract,
                PublicationContract,
                StreamContract,
                PortContract,
                LogContract,
                ImageContract,
                UsageContract,
                HostContract {
    private @Nullable Workbench bench;

    /** The engine under test; the test does not close it. */
    protected abstract ContainerEngine engine();

    /**
     * A reference that the engine can pull or has, of an image with busybox as its shell ({@code nc
     * -ll -e} and {@code httpd} among its commands), and root as its user.
     */
    protected abstract String image();

    /** Whose everything is that the test makes; nobody else's. */
    protected abstract Owner owner();

    /** Why the engine cannot do it, or empty where it can. */
    protected Optional<String> lacks(Ability ability) {
        return Optional.empty();
    }

    @BeforeEach
    void layOut() {
        bench = new Workbench(engine(), image(), owner());
    }

    @AfterEach
    void clearAway() {
        bench().clear();
    }

    @Override
    public Workbench bench() {
        if (bench == null) {
            throw new IllegalStateException("only inside of a test");
        }
        return bench;
    }

    @Override
    public void needs(Ability ability) {
        lacks(ability).ifPresent(reason -> Assumptions.abort(ability + ": " + reason));
    }
}
