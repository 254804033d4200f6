package dev.burstlet.engine.image;

import java.time.Duration;

/**
 * When images are collected, and which.
 *
 * @param highPercent of disk use, from which images are removed
 * @param lowPercent down to which
 * @param minAge an image that has been seen for less long stays
 * @param scope whose images
 * @param every how often disk use is looked at
 */
public record ImageRules(
        int highPercent, int lowPercent, Duration minAge, Scope scope, Duration every) {
    /** The kubelet's defaults. */
    public static final ImageRules KUBELET =
            new ImageRules(85, 80, Duration.ofMinutes(2), Scope.BY_ENGINE, Duration.ofMinutes(5));

    public ImageRules {
        if (lowPercent < 0 || highPercent > 100 || lowPercent >= highPercent) {
            throw new IllegalArgumentException(
                    "the low threshold %d%% is to be below the high one, %d%%, and both from 0 to 100"
                            .formatted(lowPercent, highPercent));
        }
        if (minAge.isNegative()) {
            throw new IllegalArgumentException("the minimum age is negative");
        }
        if (!every.isPositive()) {
            throw new IllegalArgumentException("the period is not positive");
        }
    }

    /** Which images are ours to remove. */
    public enum Scope {
        /** Those that pods of this process have used, on an engine that others use too. */
        USED,
        /** Every one that nothing uses: the engine is ours alone. */
        ALL,
        /** {@link #USED} on a Docker Engine, {@link #ALL} on a CRI runtime, as a kubelet. */
        BY_ENGINE
    }
}
