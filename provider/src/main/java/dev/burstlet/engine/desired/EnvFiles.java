package dev.burstlet.engine.desired;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.FileKeySelector;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a pod's volumes that variables of a container come from, as they were read when it
 * was about to be made (Kubernetes: define environment variable values using an init container).
 *
 * @param texts a file that is not there has none
 */
public record EnvFiles(Map<Source, String> texts) {
    public static final EnvFiles NONE = new EnvFiles(Map.of());

    /** Longer files are refused. */
    public static final int LIMIT_BYTES = 1 << 20;

    public EnvFiles {
        texts = Map.copyOf(texts);
    }

    /**
     * One file.
     *
     * @param path relative to the volume
     */
    public record Source(String volume, String path) {}

    /** What reads a file of a volume; null where there is none. */
    @FunctionalInterface
    public interface Reader {
        byte @Nullable [] read(Source file);
    }

    /** Reads all files that a container's variables refer to. */
    public static EnvFiles read(Container container, Reader reader) {
        Set<Source> sources = new LinkedHashSet<>();
        for (var variable : container.getEnv()) {
            EnvVarSource from = variable.getValueFrom();
            if (from != null && from.getFileKeyRef() != null) {
                sources.add(source(from.getFileKeyRef()));
            }
        }
        Map<Source, String> texts = new LinkedHashMap<>();
        for (Source source : sources) {
            byte[] bytes = reader.read(source);
            if (bytes == null) {
                continue;
            }
            if (bytes.length > LIMIT_BYTES) {
                throw ConfigException.container(
                        "couldn't parse env file %s: longer than %d bytes"
                                .formatted(source.path(), LIMIT_BYTES));
            }
            texts.put(source, new String(bytes, StandardCharsets.UTF_8));
        }
        return new EnvFiles(texts);
    }

    private static Source source(FileKeySelector reference) {
        return new Source(reference.getVolumeName(), reference.getPath());
    }

    /**
     * The value of a key; null where file or key is not there.
     *
     * @throws ConfigException where the file is not written as the syntax has it
     */
    @Nullable String value(FileKeySelector reference) {
        String text = texts.get(source(reference));
        if (text == null) {
            return null;
        }
        try {
            return EnvFileText.parse(text).get(reference.getKey());
        } catch (IllegalArgumentException e) {
            throw ConfigException.container(
                    "couldn't parse env file %s: %s"
                            .formatted(reference.getPath(), e.getMessage()));
        }
    }
}
