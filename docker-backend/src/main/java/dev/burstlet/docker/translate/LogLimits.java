package dev.burstlet.docker.translate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * How much of a container's log the engine keeps: the kubelet's containerLogMaxSize and
 * containerLogMaxFiles.
 *
 * @param size of one file, as {@code 10m}
 */
public record LogLimits(String size, int files) {
    public static final LogLimits DEFAULT = new LogLimits("10m", 5);

    /** Out of an engine's options {@code logMaxSize} and {@code logMaxFiles}. */
    public static LogLimits of(Map<String, String> options) {
        String size = options.getOrDefault("logMaxSize", DEFAULT.size());
        String files = options.getOrDefault("logMaxFiles", Integer.toString(DEFAULT.files()));
        if (!size.matches("[1-9][0-9]{0,9}[kmg]?")) {
            throw new IllegalArgumentException(
                    "options.logMaxSize: " + size + " is no size as 10m is");
        }
        if (!files.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(
                    "options.logMaxFiles: " + files + " is no number from 1 up");
        }
        return new LogLimits(size, Integer.parseInt(files));
    }

    void write(ObjectNode hostConfig) {
        ObjectNode log = hostConfig.putObject("LogConfig");
        log.put("Type", "json-file");
        log.putObject("Config").put("max-size", size).put("max-file", Integer.toString(files));
    }
}
