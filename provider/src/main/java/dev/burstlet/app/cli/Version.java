package dev.burstlet.app.cli;

import dev.burstlet.app.config.Release;
import picocli.CommandLine.IVersionProvider;

/** The version as the jar's manifest has it. */
public final class Version implements IVersionProvider {
    /** The version of this build; {@code dev} where there is no jar. */
    public static String current() {
        return Release.CURRENT;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "burstlet " + current() + " (Kubernetes 1.36, Java " + Runtime.version().feature() + ")"
        };
    }
}
