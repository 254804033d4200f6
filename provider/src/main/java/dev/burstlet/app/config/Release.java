package dev.burstlet.app.config;

import java.util.Objects;

/** The version of this build, as both sides of an agent tell each other. */
public final class Release {
    /** As the jar's manifest has it; {@code dev} where there is no jar. */
    public static final String CURRENT =
            Objects.requireNonNullElse(
                    Release.class.getPackage().getImplementationVersion(), "dev");

    private Release() {}
}
