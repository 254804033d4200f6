package dev.burstlet.app.config;

import dev.burstlet.engine.image.ImageRules;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** When a node's images are removed from its host, and which. */
public record Images(
        @Key(
                        value =
                                "Which images may be removed: used (those that its pods have used) or all that nothing uses (the engine is this node's alone)",
                        byDefault = "used on a Docker Engine, all on a CRI runtime")
                @Nullable Collect collect,
        @Key(value = "Per cent of disk use from which images are removed", byDefault = "85")
                Integer highThresholdPercent,
        @Key(value = "Per cent of disk use down to which they are removed", byDefault = "80")
                Integer lowThresholdPercent,
        @Key(value = "An image seen for fewer seconds stays", byDefault = "120")
                Integer minimumAgeSeconds,
        @Key(value = "How often disk use is looked at for it, in seconds", byDefault = "300")
                Integer periodSeconds) {
    /** Which images are the node's to remove. */
    public enum Collect {
        USED,
        ALL
    }

    public Images {
        highThresholdPercent = Objects.requireNonNullElse(highThresholdPercent, 85);
        lowThresholdPercent = Objects.requireNonNullElse(lowThresholdPercent, 80);
        minimumAgeSeconds = Objects.requireNonNullElse(minimumAgeSeconds, 120);
        periodSeconds = Objects.requireNonNullElse(periodSeconds, 300);
        var _ =
                rules(
                        collect,
                        highThresholdPercent,
                        lowThresholdPercent,
                        minimumAgeSeconds,
                        periodSeconds);
    }

    static Images defaults() {
        return new Images(null, 85, 80, 120, 300);
    }

    /** As the engine has them. */
    public ImageRules rules() {
        return rules(
                collect,
                highThresholdPercent,
                lowThresholdPercent,
                minimumAgeSeconds,
                periodSeconds);
    }

    private static ImageRules rules(
            @Nullable Collect collect, int high, int low, int age, int period) {
        ImageRules.Scope scope =
                switch (collect) {
                    case null -> ImageRules.Scope.BY_ENGINE;
                    case USED -> ImageRules.Scope.USED;
                    case ALL -> ImageRules.Scope.ALL;
                };
        try {
            return new ImageRules(
                    high, low, Duration.ofSeconds(age), scope, Duration.ofSeconds(period));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("images: " + e.getMessage(), e);
        }
    }
}
