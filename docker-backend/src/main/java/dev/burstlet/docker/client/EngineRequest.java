package dev.burstlet.docker.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.burstlet.container.Content;
import dev.burstlet.pod.BackendException;
import dev.burstlet.pod.BackendException.Reason;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to the engine.
 *
 * @param path with its query, without the API version, as {@code /containers/json?all=1}
 * @param body or null for none
 */
public record EngineRequest(
        String method, String path, @Nullable Content body, Map<String, String> headers) {
    public EngineRequest {
        headers = Map.copyOf(headers);
    }

    public static EngineRequest get(String path) {
        return new EngineRequest("GET", path, null, Map.of());
    }

    public static EngineRequest post(String path) {
        return new EngineRequest("POST", path, null, Map.of());
    }

    public static EngineRequest delete(String path) {
        return new EngineRequest("DELETE", path, null, Map.of());
    }

    public static EngineRequest post(String path, JsonNode body) {
        try {
            Content content = Content.of(EngineAnswer.JSON.writeValueAsBytes(body));
            return new EngineRequest(
                    "POST", path, content, Map.of("Content-Type", "application/json"));
        } catch (JsonProcessingException e) {
            throw new BackendException(Reason.INVALID, "cannot be written as JSON: " + path, e);
        }
    }

    public EngineRequest with(Content content, String type) {
        return new EngineRequest(method, path, content, headers).with("Content-Type", type);
    }

    public EngineRequest with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new EngineRequest(method, path, body, more);
    }

    /** For use in a query. */
    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Without the body: it may hold secrets. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
