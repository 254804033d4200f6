package dev.burstlet.hyper;

import dev.burstlet.container.EngineSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What {@link EngineSettings#options} may say for a CRI runtime.
 *
 * @param root {@code root}: where pods' volumes are, default {@code /var/lib/burstlet}
 * @param logs {@code logs}: where pods' logs are, default {@code /var/log/pods}
 * @param runtimeHandler {@code runtime-handler}: of pods that name none, default the runtime's own
 * @param machineStart {@code machine-start-timeout}: ISO 8601 duration that a machine may take to
 *     boot, default PT3M
 * @param pull {@code pull-timeout}: ISO 8601 duration, default PT1H
 * @param logMaxBytes {@code log-max-bytes}: a log that is longer is rotated, default 10 MiB
 * @param logMaxFiles {@code log-max-files}: with the one being written, default 5
 */
record CriOptions(
        Path root,
        Path logs,
        String runtimeHandler,
        Duration machineStart,
        Duration pull,
        long logMaxBytes,
        int logMaxFiles) {
    private static final Set<String> KEYS =
            Set.of(
                    "root",
                    "logs",
                    "runtime-handler",
                    "machine-start-timeout",
                    "pull-timeout",
                    "log-max-bytes",
                    "log-max-files");
    private static final String TEN_MIB = "10485760";

    static CriOptions of(Map<String, String> options) {
        for (String key : options.keySet()) {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException("options." + key + ": not known to cri");
            }
        }
        int files = (int) number(options, "log-max-files", "5");
        if (files < 2) {
            throw new IllegalArgumentException("options.log-max-files: must be at least 2");
        }
        return new CriOptions(
                absolute(options, "root", "/var/lib/burstlet"),
                absolute(options, "logs", "/var/log/pods"),
                options.getOrDefault("runtime-handler", ""),
                duration(options, "machine-start-timeout", "PT3M"),
                duration(options, "pull-timeout", "PT1H"),
                number(options, "log-max-bytes", TEN_MIB),
                files);
    }

    private static Path absolute(Map<String, String> options, String key, String otherwise) {
        Path path = Path.of(options.getOrDefault(key, otherwise));
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("options." + key + ": must be absolute");
        }
        return path.normalize();
    }

    private static Duration duration(Map<String, String> options, String key, String otherwise) {
        try {
            return Duration.parse(options.getOrDefault(key, otherwise));
        } catch (java.time.format.DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "options." + key + ": must be a duration as PT3M", e);
        }
    }

    private static long number(Map<String, String> options, String key, String otherwise) {
        try {
            long number = Long.parseLong(options.getOrDefault(key, otherwise));
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("options." + key + ": must be a number", e);
        }
        throw new IllegalArgumentException("options." + key + ": must be positive");
    }
}
