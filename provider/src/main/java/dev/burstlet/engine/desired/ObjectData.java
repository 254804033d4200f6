package dev.burstlet.engine.desired;

import dev.burstlet.container.Content;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The data of ConfigMaps and Secrets, in the order of the keys. Throws IllegalArgumentException for
 * values that are not base64, which come from no API server.
 */
final class ObjectData {
    private static final SharedTexts SHARED_TEXTS = new SharedTexts();

    private ObjectData() {}

    /** For variables: binaryData is not among them. */
    static Map<String, String> strings(ConfigMap configMap) {
        return new TreeMap<>(orEmpty(configMap.getData()));
    }

    /** For variables: the bytes as UTF-8. */
    static Map<String, String> strings(Secret secret) {
        Map<String, String> strings = new TreeMap<>();
        orEmpty(secret.getData())
                .forEach((key, value) ->
                        strings.put(key, new String(decoded(value), StandardCharsets.UTF_8)));
        strings.putAll(orEmpty(secret.getStringData()));
        return strings;
    }

    /** For files: data and binaryData. */
    static Map<String, Content> contents(ConfigMap configMap) {
        Map<String, Content> contents = new TreeMap<>();
        orEmpty(configMap.getData())
                .forEach((key, value) -> contents.put(key, SHARED_TEXTS.of(value)));
        orEmpty(configMap.getBinaryData())
                .forEach((key, value) -> contents.put(key, Content.of(decoded(value))));
        return contents;
    }

    /** For files. stringData is there only in what never was on an API server. */
    static Map<String, Content> contents(Secret secret) {
        Map<String, Content> contents = new TreeMap<>();
        orEmpty(secret.getData())
                .forEach((key, value) -> contents.put(key, Content.of(decoded(value))));
        orEmpty(secret.getStringData())
                .forEach((key, value) -> contents.put(key, Content.utf8(value)));
        return contents;
    }

    private static byte[] decoded(@Nullable String base64) {
        try {
            return base64 == null ? new byte[0] : Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // Without the cause: it quotes what may be a secret.
            throw new IllegalArgumentException("a value is not valid base64");
        }
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }
}
